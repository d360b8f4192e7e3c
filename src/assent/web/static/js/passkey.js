// Says in words why a passkey did not work: the browser itself only shows a closed window.
"use strict";

const reasons = {
  NotAllowedError: "Nothing was sent. The window was closed, or it took too long. Please try again.",
  InvalidStateError: "This passkey is here already.",
  SecurityError: "Browsers take passkeys only on pages that have a name. Open this page under its name (on your own machine: localhost instead of 127.0.0.1) and try again.",
  NotSupportedError: "This device cannot make such a passkey.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { exception } = event.detail;
  const place = document.getElementById("passkey-said");
  place.textContent = reasons[exception.name] || "This browser could not do that. An authenticator app works everywhere.";
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
});
