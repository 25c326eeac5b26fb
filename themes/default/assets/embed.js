/* What comes from elsewhere is loaded when somebody asks for it, and goes again when they close it. Without this it is a link. */
addEventListener("click", (event) => {
  const at = event.target.closest("a[data-src], .unframe");
  if (!at || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const box = at.closest("article");
  const link = box.querySelector("a[data-src]");
  if (box.classList.toggle("is-open")) {
    const frame = document.createElement("iframe");
    for (const name in link.dataset) frame.setAttribute(name, link.dataset[name]);
    frame.allowFullscreen = true;
    link.after(frame);
    frame.focus();
  } else {
    box.querySelector("iframe").remove();
    link.focus();
  }
});
