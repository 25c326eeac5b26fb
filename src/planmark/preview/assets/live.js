/* The line to the preview server: livereload's protocol 7, in a worker of its own, because a worker has a policy of its own,
   and the page keeps the one it will be published with. Whatever happens, it connects again. */
"use strict";
const PROTOCOL = "http://livereload.com/protocols/official-7";
const SOON = 200, LATER = 2000;
let page = "";
let wait = SOON;
let timer = 0;
let socket = null;

function connect() {
  clearTimeout(timer);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const line = new WebSocket(location.origin.replace(/^http/, "ws") + "/livereload");
  socket = line;
  line.onopen = () => line.send(JSON.stringify({ command: "hello", protocols: [PROTOCOL], ver: "1" }));
  line.onmessage = (event) => {
    let heard;
    try { heard = JSON.parse(event.data); } catch { return; }
    if (heard.command === "hello") {
      wait = SOON;
      line.send(JSON.stringify({ command: "info", plugins: {}, url: page }));
    } else {
      postMessage(heard);
    }
  };
  line.onclose = () => {
    postMessage({ command: "lost" });
    timer = setTimeout(connect, wait);
    wait = Math.min(LATER, wait * 1.5);
  };
}

onmessage = (event) => {
  page = event.data;
  wait = SOON;
  connect();
};
