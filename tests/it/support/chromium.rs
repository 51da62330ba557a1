//! A headless Chromium, controlled over its debugging pipe: no driver, no socket, no port. The tests of a process share
//! one browser, because its start takes longer than most pages; each test has a context and a page of its own.

#![allow(dead_code)]

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use hotfixcheck_testkit::thorough::is_for_ci;
use serde_json::{Value, json};

/// Far more time than any answer needs, on a busy machine: a hanging browser fails the test.
const PATIENCE: Duration = Duration::from_secs(120);

/// The browser of this process: `None` if none is installed. It ends with its pipe, that is with the process.
static BROWSER: OnceLock<Option<Browser>> = OnceLock::new();

/// Where messages go: to the page whose session they name, or to the browser itself (no session).
type Receivers = Arc<Mutex<HashMap<String, Sender<Value>>>>;

struct Browser {
    to: Mutex<ChildStdin>,
    next: AtomicU64,
    receivers: Receivers,
    /// The answers to commands for no page; one command at a time.
    own: Mutex<Receiver<Value>>,
}

/// A page in a context of its own: no other test sees its files, its storage or its settings.
pub(crate) struct Chromium {
    browser: &'static Browser,
    context: Value,
    session: String,
    from: Receiver<Value>,
    /// All events of the page, in order.
    pub events: Vec<Value>,
}

/// What a mutex holds: a test that failed leaves it as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The browser's name, if one is installed.
fn installed() -> Option<&'static str> {
    let runs = |name: &&str| {
        let version = Command::new(name).arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output();
        version.is_ok_and(|output| output.status.success())
    };
    ["chromium", "chromium-browser", "google-chrome", "chrome"].into_iter().find(runs)
}

impl Browser {
    fn start() -> Option<Self> {
        let Some(name) = installed().filter(|_| cfg!(unix)) else {
            hotfixcheck_testkit::tools::missing("chromium", "chromium");
            return None;
        };
        // The pipe is at the descriptors 3 and 4. Root, in containers, has no sandbox. The profile goes with the browser.
        let line = "profile=$(mktemp -d); \"$0\" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
                    --no-first-run --disable-extensions --force-device-scale-factor=1 --lang=en-US \
                    --remote-debugging-pipe --user-data-dir=\"$profile\" about:blank 3<&0 4>&1 1>&2 2>/dev/null; \
                    rm -rf \"$profile\"";
        let mut command = Command::new("sh");
        command.args(["-c", line, name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let to = Mutex::new(child.stdin.take().unwrap());
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, own) = channel();
        let receivers: Receivers = Arc::new(Mutex::new(HashMap::from([(String::new(), sender)])));
        let pages = Arc::clone(&receivers);
        std::thread::spawn(move || {
            for message in out.split(0) {
                let Ok(value) = serde_json::from_slice::<Value>(&message.unwrap_or_default()) else { break };
                let session = value["sessionId"].as_str().unwrap_or_default().to_owned();
                // A page that is closed has nobody who waits.
                let _ = lock(&pages).get(&session).map(|sender| sender.send(value));
            }
            let _ = child.wait();
        });
        Some(Self { to, next: AtomicU64::new(1), receivers, own: Mutex::new(own) })
    }

    /// Sends a command of the protocol, and returns its number.
    fn send(&self, session: &str, method: &str, params: Value) -> io::Result<u64> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        lock(&self.to).write_all(&[serde_json::to_vec(&message)?, vec![0]].concat())?;
        Ok(id)
    }

    /// Sends a command that is for no page, and returns its result.
    #[track_caller]
    fn call(&self, method: &str, params: Value) -> Value {
        let own = lock(&self.own);
        let id = self.send("", method, params).unwrap();
        answer(&own, id, method, &mut Vec::new())
    }
}

/// Waits for the answer to a command; the events before it are kept.
#[track_caller]
fn answer(from: &Receiver<Value>, id: u64, method: &str, events: &mut Vec<Value>) -> Value {
    loop {
        let answer = from.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no answer to {method}"));
        if answer["id"] == id {
            assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
            return answer["result"].clone();
        }
        events.push(answer);
    }
}

impl Chromium {
    /// A page; `None`, with a message, if no browser is installed, and outside of CI: the pages of all tests take a
    /// quarter of the processor time of a run (issue 12).
    pub(crate) fn start() -> Option<Self> {
        if is_for_ci("a report in a browser") { None } else { Self::start_in_every_run() }
    }

    /// A page; `None`, with a message, if no browser is installed.
    pub(crate) fn start_in_every_run() -> Option<Self> {
        let browser = BROWSER.get_or_init(Browser::start).as_ref()?;
        let context = browser.call("Target.createBrowserContext", json!({}))["browserContextId"].clone();
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank", "browserContextId": context }));
        let attached =
            browser.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let (sender, from) = channel();
        lock(&browser.receivers).insert(session.clone(), sender);
        let mut page = Self { browser, context, session, from, events: Vec::new() };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        Some(page)
    }

    /// Sends a command of the protocol and returns its result.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.browser.send(&self.session, method, params).unwrap();
        answer(&self.from, id, method, &mut self.events)
    }

    /// Opens a file and waits until it is loaded.
    #[track_caller]
    pub(crate) fn open(&mut self, path: &Path) {
        self.events.clear();
        self.call("Page.navigate", json!({ "url": format!("file://{}", path.display()) }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.from.recv_timeout(PATIENCE).expect("the page loads");
            self.events.push(event);
        }
    }

    /// The value of an expression in the page; promises are awaited.
    #[track_caller]
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// A real key: its name, and its text if it has one.
    pub(crate) fn key(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            " " => " ",
            _ => "",
        };
        let code = match key {
            "Enter" => 13,
            "Tab" => 9,
            " " => 32,
            _ => 0,
        };
        let down = json!({ "type": "keyDown", "key": key, "text": text, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", down);
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code }));
    }

    /// A real click in the middle of an element.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        let place = self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{ block: 'center' }}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// The width of the window, and the media features that the page sees.
    pub(crate) fn look(&mut self, width: u32, scheme: &str) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// The page's complaints: console messages, exceptions, refusals of its content policy.
    pub(crate) fn complaints(&self) -> Vec<&Value> {
        let kinds = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
        self.events.iter().filter(|event| kinds.iter().any(|kind| event["method"] == *kind)).collect()
    }

    /// The addresses that the page requested, its own among them.
    pub(crate) fn requests(&self) -> Vec<&str> {
        let requests = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        requests.filter_map(|event| event["params"]["request"]["url"].as_str()).collect()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        lock(&self.browser.receivers).remove(&self.session);
        // The page goes with its context. Nobody waits for the answer: the test may have failed because there is none.
        let _ = self.browser.send("", "Target.disposeBrowserContext", json!({ "browserContextId": self.context }));
    }
}
