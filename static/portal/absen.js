// Check-in help. Without this file both forms are sent as usual.
//
// The page gives:
//   <form method="post" data-punch="in|out"> with hidden fields `key` (request key) and `token` (signed by the server)
//   <input type="checkbox" data-location>            consent: location is asked once, when the button is pressed
//   <section data-queue hidden>                      shown while attempts wait on this device, holding
//     <template data-queue-item> … [data-verb] [data-claimed] [data-number] [data-state] </template>
//     <div data-queue-list></div> <button type="button" data-queue-send>
// The server answers a queued attempt (POST to the form's action, field `queued` = 1, `claimed_at` = ISO instant of the
// device) with 200, 201, 409 or a redirect to a receipt when it has kept it: only then is it taken off the device. With
// 503 and Retry-After it says that it cannot store now and when to come back.
(function () {
  "use strict";
  var STORE = "portal.absen.antrean";
  var WORDS = { in: "Absen masuk", out: "Absen pulang" };
  var LOCATION_LIMIT_MS = 4000;
  var REQUEST_LIMIT_MS = 15000;
  var NOT_ARRIVED = "Belum sampai ke server; dicoba lagi otomatis";
  var CANNOT_STORE = "Portal sedang tidak dapat menyimpan; belum tercatat, dicoba lagi otomatis";
  var sending = false, retry = null;

  function read() {
    try { return JSON.parse(localStorage.getItem(STORE) || "[]"); } catch (error) { return []; }
  }
  function write(items) {
    try { localStorage.setItem(STORE, JSON.stringify(items)); return true; } catch (error) { return false; }
  }
  function keep(item) {
    var items = read();
    // The key is the identity: a second press of the same page is the same attempt, with its first time.
    if (!items.some(function (other) { return other.key === item.key; })) items.push(item);
    return write(items);
  }
  function drop(key) { write(read().filter(function (item) { return item.key !== key; })); show(); }

  function two(number) { return (number < 10 ? "0" : "") + number; }
  function deviceClock(iso) {
    var at = new Date(iso);
    return two(at.getHours()) + "." + two(at.getMinutes()) + "." + two(at.getSeconds());
  }
  function queueNumber(item, index) { return "Q-" + item.key.replace(/[^a-z0-9]/gi, "").slice(0, 4).toUpperCase() + "-" + two(index + 1); }

  function show(problem) {
    var box = document.querySelector("[data-queue]"), items = read();
    if (!box) return;
    box.hidden = items.length === 0;
    var list = box.querySelector("[data-queue-list]"), form = box.querySelector("[data-queue-item]");
    if (!list || !form) return;
    list.textContent = "";
    items.forEach(function (item, index) {
      var part = form.content.cloneNode(true);
      var put = function (name, text) { var place = part.querySelector(name); if (place) place.textContent = text; };
      put("[data-verb]", WORDS[item.verb] || item.verb);
      put("[data-claimed]", deviceClock(item.claimed_at));
      put("[data-number]", queueNumber(item, index));
      put("[data-state]", item.refused || problem || "Menunggu dikirim");
      list.appendChild(part);
    });
  }

  function body(item, csrf) {
    var data = new URLSearchParams(item.fields);
    data.set("key", item.key);
    data.set("token", item.token);
    data.set("claimed_at", item.claimed_at);
    data.set("queued", "1");
    if (csrf) data.set("csrfmiddlewaretoken", csrf);
    return data;
  }

  function post(item) {
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, REQUEST_LIMIT_MS);
    // The form's own csrf token, not the queued one: another person may be signed in by now.
    var field = document.querySelector('input[name="csrfmiddlewaretoken"]');
    return fetch(item.action, {
      method: "POST", body: body(item, field && field.value), credentials: "same-origin", signal: stop.signal,
      headers: { "Accept": "text/html", "X-Portal-Queue": "1" },
    }).finally(function () { clearTimeout(timer); });
  }

  function refusal(response) {
    var problem = new Error(String(response.status));
    problem.words = response.status >= 500 ? CANNOT_STORE : NOT_ARRIVED;
    problem.afterSeconds = Number(response.headers.get("Retry-After")) || 0;
    return problem;
  }

  function later(problem) {
    // When the server says when to come back: then, and spread, so that not every phone of a province comes at once.
    if (!problem.afterSeconds || retry) return;
    var wait = problem.afterSeconds * 1000 * (1 + Math.random());
    retry = setTimeout(function () { retry = null; sendAll(); }, wait);
  }

  function kept(response) {
    // A redirect to the sign-in page is no receipt: the attempt stays until it was really delivered.
    return (response.ok || response.status === 409) && response.url.indexOf("/masuk") === -1;
  }

  function sendAll() {
    if (sending) return;
    var items = read();
    if (!items.length) return;
    sending = true;
    var last = null;
    items.reduce(function (chain, item) {
      return chain.then(function () {
        return post(item).then(function (response) {
          if (!kept(response)) throw refusal(response);
          last = response;
          drop(item.key);
        });
      });
    }, Promise.resolve()).then(function () {
      // What the server said about the last one is shown: its receipt, or why nothing could be recorded.
      if (last.redirected) { window.location.assign(last.url); return undefined; }
      return last.text().then(replacePage);
    }).catch(function (problem) { show(problem.words || NOT_ARRIVED); later(problem); })
      .finally(function () { sending = false; unlock(); });
  }

  function unlock() {
    document.querySelectorAll("form[data-punch]").forEach(function (form) {
      delete form.dataset.pressed; delete form.dataset.locked;
      form.querySelectorAll("button").forEach(function (button) { button.removeAttribute("aria-busy"); });
    });
  }

  function locate(done) {
    var consent = document.querySelector("[data-location]");
    if (!consent || !consent.checked || !navigator.geolocation) { done({}); return; }
    navigator.geolocation.getCurrentPosition(function (place) {
      done({
        latitude: place.coords.latitude, longitude: place.coords.longitude, accuracy_m: place.coords.accuracy,
        located_at: new Date(place.timestamp).toISOString(),
      });
    }, function () { done({}); }, { timeout: LOCATION_LIMIT_MS, maximumAge: 0, enableHighAccuracy: true });
  }

  function press(event) {
    var form = event.currentTarget;
    event.preventDefault();
    if (form.dataset.pressed) return;
    form.dataset.pressed = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    var claimed = new Date().toISOString();
    locate(function (place) {
      var fields = {};
      new FormData(form).forEach(function (value, name) {
        if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields[name] = value;
      });
      Object.assign(fields, place);
      var item = {
        key: fields.key, token: fields.token, verb: form.dataset.punch, action: form.action, claimed_at: claimed, fields: fields,
      };
      if (navigator.onLine === false) { wait(item); return; }
      deliver(form, item);
    });
  }

  function deliver(form, item) {
    // Kept before it is sent: a browser that is closed half-way still has it.
    var stored = keep(item), data = body(item, null), token = form.querySelector('input[name="csrfmiddlewaretoken"]');
    data.delete("queued");
    if (token) data.set("csrfmiddlewaretoken", token.value);
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, REQUEST_LIMIT_MS);
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin", signal: stop.signal, headers: { "Accept": "text/html" } })
      .then(function (response) {
        if (response.status >= 500) throw refusal(response);
        if (response.url.indexOf("/masuk") !== -1) { window.location.assign(response.url); return undefined; }
        drop(item.key);
        if (response.redirected) { window.location.assign(response.url); return undefined; }
        return response.text().then(replacePage);
      })
      .catch(function (problem) { if (stored) { wait(item, problem.words); later(problem); } else form.submit(); })
      .finally(function () { clearTimeout(timer); });
  }

  function replacePage(html) {
    // The server answered with a page of its own (a question before leaving early, a stale page): show that one.
    var fresh = new DOMParser().parseFromString(html, "text/html");
    document.title = fresh.title;
    document.querySelector("main").replaceWith(document.adoptNode(fresh.querySelector("main")));
    document.querySelector("main").focus();
    start();
  }

  function wait(item, problem) {
    keep(item);
    show(problem);
    unlock();
    var box = document.querySelector("[data-queue]");
    if (box) { box.setAttribute("tabindex", "-1"); box.focus(); }
  }

  function start() {
    document.querySelectorAll("form[data-punch]").forEach(function (form) { form.addEventListener("submit", press); });
    var again = document.querySelector("[data-queue-send]");
    if (again) again.addEventListener("click", sendAll);
    show();
  }

  start();
  sendAll();
  window.addEventListener("online", sendAll);
  window.addEventListener("pageshow", unlock);
  setInterval(function () { if (navigator.onLine !== false) sendAll(); }, 60000);
})();
