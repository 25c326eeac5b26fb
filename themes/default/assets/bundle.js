/* Only in a plan that is one file, before the script that sends: what cannot be sent from there is saved as a small file, to be mailed.
   Where a browser gives a file no storage, memory stands in for it. */
{
  const data = JSON.parse(document.getElementById("planmark-data").textContent), key = "planmark:" + data.plan;
  try {
    localStorage.getItem(key);
  } catch {
    const memory = {};
    Object.defineProperty(window, "localStorage", { value: {
      getItem: (name) => memory[name] ?? null,
      setItem: (name, text) => { memory[name] = text; },
    } });
  }
  const box = document.getElementById("planmark-reply"), [button] = box.querySelectorAll("button"), [saved] = box.querySelectorAll(".reply-saved");
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; }
  };
  const waits = () => kept().out || [];
  const left = waits().filter((one) => !data.told.includes(one.event));  /* what was mailed is in a newer file of the plan */
  if (left.length < waits().length) localStorage.setItem(key, JSON.stringify({ ...kept(), out: left }));

  let done = "";
  const names = ["v", "plan", "event", "kind", "item", "rev", "token", "name", "text", "what", "value"];
  const sign = () => waits().map((one) => one.event).join();
  const look = () => {
    const idle = !document.querySelector(".fates :is(.is-kept, .is-refused)") || !waits().length;
    if (box.hidden !== idle) box.hidden = idle;
    if (!saved.hidden && sign() !== done) saved.hidden = true;
  };
  button.addEventListener("click", () => {
    const submissions = waits().map((one) => Object.fromEntries(names.map((name) => ["pm_" + name, one[name] || ""])));
    const text = JSON.stringify({ planmark: "reply", submissions }, null, 1) + "\n", link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = box.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
    done = sign();
    saved.hidden = false;
  });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}
