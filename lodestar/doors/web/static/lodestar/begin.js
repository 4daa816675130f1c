// GOV.UK components look for these classes before they start. In a file of its own: the page allows no inline script.
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  document.body.classList.add("js-enabled");
  if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
});
