//! Assessment -> bytes.
