/** The page's only script: what a point is, under the pointer, in every panel and in the table; and which crosses are shown. Without it nothing is lost that the table does not say. */
export const behaviour = `
'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse(document.getElementById('data').textContent);
  const tip = document.getElementById('tip');
  const FAR = 26;
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  };
  const hush = () => {
    tip.hidden = true;
    document.body.classList.remove('near');
    all('[data-point].on').forEach((part) => part.classList.remove('on'));
  };
  const show = (number) => {
    hush();
    document.body.classList.add('near');
    all('[data-point="' + number + '"]').forEach((part) => part.classList.add('on'));
  };
  const say = (number, x, y) => {
    const point = data[number];
    tip.replaceChildren(element('b', number + '  ' + point.title));
    for (const [name, value] of [...point.knobs, ...point.figures]) {
      const line = element('div', '');
      line.append(element('span', name), element('strong', value));
      tip.append(line);
    }
    tip.hidden = false;
    const width = tip.offsetWidth, height = tip.offsetHeight;
    tip.style.left = (x + 18 + width > innerWidth ? Math.max(4, x - 18 - width) : x + 18) + 'px';
    tip.style.top = Math.min(Math.max(4, y - height / 2), innerHeight - height - 4) + 'px';
  };
  all('[data-panel] .area').forEach((area) => {
    const marks = all('.mark-at', area);
    area.addEventListener('pointermove', ({ clientX, clientY }) => {
      let best = null, least = FAR;
      marks.forEach((mark) => {
        const box = mark.getBoundingClientRect();
        const apart = Math.hypot(box.left + box.width / 2 - clientX, box.top + box.height / 2 - clientY);
        if (apart <= least) { least = apart; best = mark; }
      });
      if (!best) return hush();
      show(best.dataset.point);
      say(best.dataset.point, clientX, clientY);
    });
    area.addEventListener('pointerleave', hush);
  });
  all('tr[data-point]').forEach((row) => {
    row.addEventListener('pointerenter', () => show(row.dataset.point));
    row.addEventListener('pointerleave', hush);
  });
  const own = document.getElementById('own');
  if (own) own.addEventListener('change', () => document.body.classList.toggle('own', own.checked));
  addEventListener('scroll', () => { tip.hidden = true; }, { passive: true });
})();
`
