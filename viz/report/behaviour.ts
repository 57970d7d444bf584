/**
 * The page's only script: scenario tabs, a policy brought to the front, the map's layers, and readouts under the pointer or the arrow
 * keys. Without it every scenario is shown one below the other and nothing is lost but the readouts.
 */
export const behaviour = `
'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse(document.getElementById('data').textContent);
  const tip = document.getElementById('tip');

  // Scenario tabs
  const scenes = all('.scene');
  const tabs = all('.tabs a');
  const showScene = (key) => {
    if (!scenes.some((scene) => scene.id === key)) return;
    scenes.forEach((scene) => scene.classList.toggle('on', scene.id === key));
    tabs.forEach((tab) => {
      const isOn = tab.dataset.scene === key;
      if (isOn) tab.setAttribute('aria-current', 'true'); else tab.removeAttribute('aria-current');
    });
  };
  const bar = document.querySelector('.rail');
  const goTo = (key, jump) => {
    showScene(key);
    history.replaceState(null, '', '#' + key);
    const scene = document.getElementById(key);
    if (scene && jump) scene.scrollIntoView();
    else if (scene && bar && bar.getBoundingClientRect().top <= 0) scene.scrollIntoView();
  };
  all('a[data-scene]').forEach((link) => link.addEventListener('click', (event) => {
    event.preventDefault();
    goTo(link.dataset.scene, !link.closest('.tabs'));
  }));
  tabs.forEach((tab, i) => tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(i + step + tabs.length) % tabs.length];
    next.focus();
    goTo(next.dataset.scene, false);
  }));
  const wanted = location.hash.slice(1);
  showScene(scenes.some((scene) => scene.id === wanted) ? wanted : scenes[0] && scenes[0].id);

  // One policy to the front: while hovered, or held by a click
  let held = null;
  const front = (index) => {
    document.body.classList.toggle('has-front', index !== null);
    all('[data-policy]').forEach((part) => part.classList.toggle('front', part.dataset.policy === index));
  };
  all('[data-focus]').forEach((button) => {
    const index = button.dataset.focus;
    button.addEventListener('pointerenter', () => front(index));
    button.addEventListener('pointerleave', () => front(held));
    button.addEventListener('click', () => {
      held = held === index ? null : index;
      all('[data-focus]').forEach((each) => each.setAttribute('aria-pressed', String(each.dataset.focus === held)));
      front(held);
    });
  });

  // Layers of each map
  all('[data-map]').forEach((map) => {
    const change = map.querySelector('[data-change]');
    const pick = (index) => {
      const key = index + (change && change.checked ? '-change' : '-flow');
      const shown = map.querySelector('[data-layer="' + key + '"]') ? key : index + '-flow';
      all('[data-layer]', map).forEach((layer) => layer.classList.toggle('on', layer.dataset.layer === shown));
      all('[data-bars]', map).forEach((bars) => bars.classList.toggle('on', bars.dataset.bars === index));
      all('[data-show]', map).forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.show === index)));
      map.dataset.index = index;
    };
    all('[data-show]', map).forEach((button) => button.addEventListener('click', () => pick(button.dataset.show)));
    if (change) change.addEventListener('change', () => pick(map.dataset.index || map.querySelector('[aria-pressed=true]').dataset.show));
  });

  // Readouts
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const say = (rows, x, y) => {
    tip.replaceChildren(...rows);
    tip.hidden = false;
    const width = tip.offsetWidth, height = tip.offsetHeight;
    const left = x + 16 + width > innerWidth ? Math.max(4, x - 16 - width) : x + 16;
    const top = Math.min(Math.max(4, y - height / 2), innerHeight - height - 4);
    tip.style.left = left + 'px';
    tip.style.top = top + 'px';
  };
  const hush = () => {
    tip.hidden = true;
    all('.cursor').forEach((cursor) => cursor.remove());
  };
  const read = (plot, bin, clientY) => {
    const [key, what] = plot.dataset.read.split(':');
    const scene = data.scenes[key];
    const isOnTime = what === 'onTime';
    const lines = isOnTime ? scene.onTime : scene.panels[Number(what)];
    const bins = Math.max(...lines.map((line) => line.length));
    const at = Math.min(bins - 1, Math.max(0, bin));
    plot.dataset.at = at;
    const area = plot.querySelector('.area');
    const box = area.getBoundingClientRect();
    let cursor = area.querySelector('.cursor');
    if (!cursor) {
      hush();
      cursor = area.appendChild(element('i', 'cursor'));
    }
    const part = bins > 1 ? at / (bins - 1) : 0;
    cursor.style.left = part * 100 + '%';
    const rows = scene.entries.map((index, i) => ({ index, value: lines[i] ? lines[i][at] : null }));
    rows.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
    const hour = at * (isOnTime ? 1 : scene.binHours);
    const made = [element('b', '', scene.hours[hour] || '')];
    rows.forEach(({ index, value }) => {
      const [id, tone] = data.policies[index];
      const row = element('div', tone);
      row.append(element('i', 'dab'), element('span', '', id), element('strong', '',
        value === null || value === undefined ? '–' : isOnTime ? value.toFixed(1) + '\\u202f%' : value.toLocaleString('en')));
      made.push(row);
    });
    say(made, box.left + part * box.width, clientY ?? box.top + box.height / 2);
  };
  all('[data-read]').forEach((plot) => {
    const area = plot.querySelector('.area');
    area.addEventListener('pointermove', (event) => {
      const box = area.getBoundingClientRect();
      const [key, what] = plot.dataset.read.split(':');
      const scene = data.scenes[key];
      const lines = what === 'onTime' ? scene.onTime : scene.panels[Number(what)];
      const bins = Math.max(...lines.map((line) => line.length));
      read(plot, Math.round(((event.clientX - box.left) / box.width) * (bins - 1)), event.clientY);
    });
    area.addEventListener('pointerleave', hush);
    plot.addEventListener('blur', hush);
    plot.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 24, PageUp: -24 }[event.key];
      if (event.key === 'Escape') hush();
      if (!step) return;
      event.preventDefault();
      read(plot, Number(plot.dataset.at ?? -step) + step);
    });
  });
  all('[data-map] svg').forEach((map) => {
    map.addEventListener('pointermove', (event) => {
      const lane = event.target.dataset && event.target.dataset.lane;
      if (!lane) return hush();
      const [warehouse, zone, parcels] = lane.split(',').map(Number);
      const isChange = event.target.closest('.change');
      const amount = Math.abs(parcels).toLocaleString('en', { maximumFractionDigits: Math.abs(parcels) < 10 ? 1 : 0 });
      say([element('b', '', data.warehouses[warehouse] + ' → ' + data.zones[zone]),
        element('div', '', amount + (isChange ? (parcels > 0 ? ' more' : ' fewer') : '') + ' parcels a replication')], event.clientX, event.clientY);
    });
    map.addEventListener('pointerleave', hush);
  });
  addEventListener('scroll', hush, { passive: true });
})();
`
