// Passkeys: asks the device and sends its answer. A form says what it does by data-passkey = login, get or create.
(function () {
  "use strict";
  var json = window.webauthnJSON;

  function say(form, words) {
    var place = form.querySelector("[data-passkey-state]");
    if (place) place.textContent = words;
  }

  function options(form) {
    if (form.dataset.passkey !== "login") return Promise.resolve(JSON.parse(document.getElementById("passkey-options").textContent));
    return fetch(form.dataset.passkeyOptions, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (response) { if (!response.ok) throw new Error(String(response.status)); return response.json(); });
  }

  function create(given, form) {
    var wish = JSON.parse(JSON.stringify(given.creation_options)), box = form.querySelector('input[name="passwordless"]');
    var alone = Boolean(box && box.checked), choice = wish.publicKey.authenticatorSelection;
    choice.residentKey = alone ? "required" : "discouraged";
    choice.requireResidentKey = alone;
    if (alone) choice.userVerification = "required";
    return json.create(wish);
  }

  function start(form) {
    say(form, "Ikuti petunjuk perangkat Anda.");
    options(form).then(function (given) {
      return form.dataset.passkey === "create" ? create(given, form) : json.get(given.request_options);
    }).then(function (credential) {
      form.querySelector('input[name="credential"]').value = JSON.stringify(credential);
      form.submit();
    }).catch(function () { say(form, "Passkey tidak jadi dipakai. Coba lagi, atau pakai cara lain."); });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    if (!json || !window.PublicKeyCredential) { say(form, "Perangkat atau peramban ini tidak mengenal passkey."); return; }
    form.hidden = false;
    if (form.dataset.passkey === "create") say(form, "");
    form.querySelector("[data-passkey-start]").addEventListener("click", function () { start(form); });
  });
})();
