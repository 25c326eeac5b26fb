// What tests measure on a page. Evaluated through the debugger, once a page; everything is asked of `measures`.
globalThis.measures = (() => {
  "use strict";
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, video[controls], [tabindex]";

  const visible = (one) =>
    one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && !(one.disabled || one.closest("[inert]"));
  const named = (one) => {
    const parts = [];
    for (let at = one; at && at !== document.body && parts.length < 4; at = at.parentElement) {
      parts.unshift(at.id ? `#${at.id}` : at.localName + [...at.classList].map((name) => `.${name}`).join(""));
      if (at.id) break;
    }
    const words = (one.innerText || one.getAttribute("aria-label") || one.name || "").trim().replace(/\s+/g, " ");
    return `${parts.join(" > ")} “${words.slice(0, 40)}”`;
  };
  /* Not shown to eyes, only read out: clipped away or a pixel large. */
  const onlyRead = (one) => {
    for (let at = one; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.position === "absolute" && (style.clipPath !== "none" || style.clip !== "auto" || style.opacity === "0")) return true;
      if (style.position === "absolute" && at.offsetWidth <= 1 && at.offsetHeight <= 1) return true;
    }
    return false;
  };
  /* What stands for a control on the screen: itself, or the label of one that is only read, or that stands in its label. */
  const shown = (one) => {
    const label = one.labels?.[0];
    return label && (onlyRead(one) || (/checkbox|radio/.test(one.type) && label.contains(one))) ? label : one;
  };
  const focusables = () => [...document.querySelectorAll(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && visible(one));

  const colour = (text) => {
    const canvas = (colour.canvas ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true }));
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const background = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] > 200) return found;
    }
    return colour("Canvas");
  };

  return {
    focusables: () => focusables().map(named),

    /* The element that has the focus: which it is, and what is wrong with how that shows. */
    focused: () => {
      const one = document.activeElement;
      if (!one || one === document.body || one === document.documentElement) return null;
      const wrong = [];
      const box = shown(one);
      const seen = [one, ...(one.labels || []), one.nextElementSibling, one.parentElement, ...one.children].filter(Boolean).some((at) => {
        const style = getComputedStyle(at);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return false;
        const around = parseFloat(style.outlineOffset) >= 0 ? at.parentElement || at : at;
        return contrast(colour(style.outlineColor), background(around)) >= 3;
      });
      if (!seen) wrong.push("its focus does not show by two pixels of a colour that stands out");
      const rect = box.getBoundingClientRect();
      const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]].map(([x, y]) => [rect.left + rect.width * x, rect.top + rect.height * y]);
      const reached = points.some(([x, y]) => {
        const at = document.elementFromPoint(x, y);
        return at && (box.contains(at) || at.contains(box));
      });
      const inView = rect.bottom > 0 && rect.top < innerHeight && rect.right > 0 && rect.left < innerWidth;
      if (!inView) wrong.push(`it is outside of the view, at ${Math.round(rect.left)}, ${Math.round(rect.top)}`);
      else if (!reached) wrong.push(`it lies under ${named(document.elementFromPoint(...points[0]) || document.body)}`);
      const all = focusables();
      return { index: all.indexOf(one), name: named(one), wrong, top: rect.top + scrollY, left: rect.left, bottom: rect.bottom + scrollY };
    },

    /* Controls that are too small to hit. In a sentence, or with enough room around it, a link may be lower. */
    small: (least) => {
      const boxes = focusables().map((one) => ({ one, box: shown(one) })).filter(({ box }) => !onlyRead(box));
      const rects = boxes.map(({ box }) => box.getBoundingClientRect());
      const tiny = (rect) => rect.width < least - 0.01 || rect.height < least - 0.01;
      const inSentence = (one) => {
        if (getComputedStyle(one).display !== "inline") return false;
        let block = one.parentElement;
        while (getComputedStyle(block).display === "inline") block = block.parentElement;
        const rest = block.innerText.replace(one.innerText, "").replace(/[\s·,;|–—]+/g, "");
        return rest.length > 0;
      };
      const near = (number) => {
        const rect = rects[number];
        const [x, y] = [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2];
        return rects.some((other, at) => {
          if (at === number || boxes[at].box.contains(boxes[number].box) || boxes[number].box.contains(boxes[at].box)) return false;
          if (tiny(other)) return Math.hypot((other.left + other.right) / 2 - x, (other.top + other.bottom) / 2 - y) < least;
          const dx = Math.max(other.left - x, 0, x - other.right), dy = Math.max(other.top - y, 0, y - other.bottom);
          return Math.hypot(dx, dy) < least / 2;
        });
      };
      return boxes.flatMap(({ one, box }, number) => {
        const rect = rects[number];
        if (!tiny(rect) || (one.localName === "a" && (inSentence(one) || !near(number)))) return [];
        return [`${named(one)} is ${Math.round(rect.width)} × ${Math.round(rect.height)}`];
      });
    },

    /* What reaches over the side of the page, where nothing scrolls by itself. */
    wide: () => {
      const found = [];
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
      for (const one of document.querySelectorAll("body *")) {
        if (!visible(one) || onlyRead(one) || one.closest("svg svg, svg > *")) continue;
        const rect = one.getBoundingClientRect();
        if (!rect.width || !rect.height || (rect.right <= width + 1 && rect.left >= -1)) continue;
        let scrolls = false;
        for (let at = one.parentElement; at && at !== document.body; at = at.parentElement)
          scrolls ||= /auto|scroll/.test(getComputedStyle(at).overflowX);
        if (!scrolls) found.push(`${named(one)} reaches from ${Math.round(rect.left)} to ${Math.round(rect.right)} of ${width}`);
      }
      return found.slice(0, 12);
    },

    /* Elements of which some text cannot be seen because its box is too small for it. */
    clipped: () =>
      [...document.querySelectorAll("body *")].flatMap((one) => {
        if (!visible(one) || onlyRead(one) || one.closest("svg") || !one.innerText?.trim()) return [];
        const style = getComputedStyle(one);
        const hides = (value) => value === "hidden" || value === "clip";
        const across = hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
        const down = hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
        return style.display !== "inline" && (across || down) ? [named(one)] : [];
      }),

    /* Elements that would still move. */
    moving: () => {
      const long = (value) => value.split(",").some((part) => parseFloat(part) > 0.001);
      const found = document.getAnimations().map((one) => `${named(one.effect.target)} moves`);
      for (const one of document.querySelectorAll("*")) {
        for (const part of [null, "::before", "::after", "::details-content"]) {
          if (part === "::details-content" && one.localName !== "details") continue;
          const style = getComputedStyle(one, part);
          if (long(style.transitionDuration) && style.transitionProperty !== "none") found.push(`${named(one)}${part || ""} has a transition`);
          if (style.animationName !== "none" && long(style.animationDuration)) found.push(`${named(one)}${part || ""} has an animation`);
        }
      }
      if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") found.push("the page scrolls smoothly");
      return [...new Set(found)].slice(0, 12);
    },

    /* Every text that a reader can see, without that of forms and of what only the script can know. */
    texts: () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const one = node.parentElement;
        const text = node.data.replace(/\s+/g, " ").trim();
        if (!text || !visible(one) || one.closest("script, style, noscript, form, template, [data-relative], svg, datalist")) continue;
        if (!onlyRead(one)) found.push(text);
      }
      return found;
    },

    /* How much of the view sticks to its edges while one scrolls. */
    stuck: () =>
      [...document.querySelectorAll("body *")].reduce((most, one) => {
        const style = getComputedStyle(one);
        if (!/sticky|fixed/.test(style.position) || !visible(one)) return most;
        const rect = one.getBoundingClientRect();
        return rect.top <= 1 || rect.bottom >= innerHeight - 1 ? most + Math.min(rect.height, innerHeight) : most;
      }, 0),
  };
})();
