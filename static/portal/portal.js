// Small help on top of pages that work without it: one press is one request, and errors get the focus.
(function () {
  "use strict";
  // A form whose answer is a file leaves the page as it is, so its lock must end by itself.
  var LOCK_MS = 8000;

  function unlock(form) {
    delete form.dataset.locked;
    form.querySelectorAll("[aria-busy]").forEach(function (button) { button.removeAttribute("aria-busy"); });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.locked) { event.preventDefault(); return; }
    form.dataset.locked = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    setTimeout(function () { unlock(form); }, LOCK_MS);
  });

  // A page that comes back from the browser's memory must be usable again.
  window.addEventListener("pageshow", function () { document.querySelectorAll("form[data-locked]").forEach(unlock); });

  document.addEventListener("DOMContentLoaded", function () {
    var summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
    // "Select all" of a table of requests: <input type="checkbox" data-select-all="name">
    document.querySelectorAll("[data-select-all]").forEach(function (all) {
      all.addEventListener("change", function () {
        document.querySelectorAll('input[name="' + all.dataset.selectAll + '"]').forEach(function (box) {
          if (!box.disabled) box.checked = all.checked;
        });
      });
    });
  });
})();
