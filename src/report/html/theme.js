"use strict";
// The choice of colours, on every page.
(() => {
  // Colours: those of the system, until the user chooses.
  const theme = document.getElementById("theme");
  const setTheme = (name) => {
    if (name) document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
  };
  try {
    theme.value = localStorage.getItem("hotfixcheck-theme") || "";
  } catch { /* Files opened from disk may have no storage. */ }
  setTheme(theme.value);
  theme.addEventListener("change", () => {
    setTheme(theme.value);
    try {
      localStorage.setItem("hotfixcheck-theme", theme.value);
    } catch { /* The choice is kept for this view only. */ }
  });
  theme.parentElement.hidden = false;
})();
