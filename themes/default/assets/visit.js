/* What is a reader's own on their personal link: the calendar, and what changed since their last visit, whose day is kept in this browser
   alone. It follows act.js, which has put the token away. */
{
  const all = (selector) => [...document.querySelectorAll(selector)];
  const { plan, people } = JSON.parse(document.getElementById("planmark-data").textContent);
  const day = (text) => new Date(text).toLocaleDateString(document.documentElement.lang + "-u-nu-latn", { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" });
  const [box] = all(".changes");
  const line = box?.querySelector(".changes-since");
  const visit = (ref) => {
    for (const link of all("a[data-calendar]")) {
      if (link.dataset.calendar.split(" ").includes(ref)) link.setAttribute("href", "calendar-" + ref + ".ics");
    }
    if (!box) return;
    /* Today where the plan is at home, as its versions are dated. */
    const today = new Date().toLocaleDateString("sv", { timeZone: box.dataset.zone });
    const name = "planmark-visit:" + plan + ":" + ref;
    let before;
    try {
      const last = JSON.parse(localStorage.getItem(name)) || {};
      before = last.day < today ? last.day : last.before;
      localStorage.setItem(name, JSON.stringify({ day: today, before }));
    } catch {}
    if (!before) return;
    let count = 0;
    for (const one of all("[data-day]")) {
      one.hidden = one.dataset.day < before;
      count += !one.hidden && box.contains(one);
    }
    for (const earlier of all(".changes details")) earlier.open = before < box.dataset.since;
    line.textContent = box.dataset[count ? "visit" : "none"].replace("{0}", day(before));
  };
  const look = () => {
    let ref;
    try {
      [ref] = JSON.parse(atob(JSON.parse(sessionStorage.getItem("planmark:" + plan)).t.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    } catch {}
    if (people[ref]) visit(ref);
  };
  look();
  addEventListener("hashchange", look);
}
