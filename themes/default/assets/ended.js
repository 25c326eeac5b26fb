/* What a page that was built before says from the day after the plan's last one: that it has ended. It asks nothing any more, calls nothing
   late, and takes nothing. It comes before the scripts that would; who leaves nothing to send has none of it. */
{
  const { end, zone } = document.body.dataset;
  const all = (selector) => document.querySelectorAll(selector);
  /* Today where the plan is at home. */
  if (new Date().toLocaleDateString("sv", { timeZone: zone }) > end) {
    for (const one of all(".notice")) one.hidden = !one.hidden;
    const asking = "form, .ask, .missing-lead, .section-missing:not(:has([data-event])), .section-next_steps, .next, .bar-next";
    const urging = "[data-late], .flag.is-late, .standing, .figure-wide, .target .relative, .facts .relative:not([data-text])";
    for (const one of all(`${asking}, ${urging}`)) {
      if (one.matches("section")) for (const link of all(`li > [href$="#${one.id}"]`)) link.parentElement.remove();
      one.remove();
    }
    for (const { classList } of all(".can-check")) classList.remove("can-check");
    for (const task of all(".task.is-late")) {
      task.classList.replace("is-late", "is-todo");
      task.querySelector(".task-state").textContent = "";
      task.querySelector("summary > .mark use").setAttribute("href", "#mark-todo");
    }
  }
}
