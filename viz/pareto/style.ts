/** What a drawing of a front needs beside the style of every report. */
export const style = `
:root{--clean:#1a8f6a;--middle:#d9a514;--dirty:#b8321c}
@media (prefers-color-scheme:dark){:root{--clean:#3fc397;--middle:#e3b93d;--dirty:#ef7157}}
.block{margin-top:28px}
.front-grid{display:grid;grid-template-columns:minmax(0,1.7fr) minmax(0,1fr);gap:14px}
.front-grid .wide{grid-row:span 2}
.front-grid figcaption{display:flex;justify-content:space-between;gap:10px;align-items:baseline;margin-bottom:10px}
.front-grid figcaption span{color:var(--soft);font-size:12.5px;white-space:nowrap}
.plot.with-y{padding-left:50px}.plot.with-y .x-ticks{left:50px}.plot .y-ticks{width:44px}
.edge{stroke:var(--soft);stroke-width:1.3;stroke-dasharray:1 4;stroke-linecap:round}
.reach{stroke:var(--tone);stroke-width:1.3;opacity:.38}.own .reach.paired,.reach.alone{display:none}.own .reach.alone{display:inline}
.near .reach{opacity:.12}.near .reach.on{opacity:1;stroke-width:2}
.mark-at{position:absolute;width:11px;height:11px;margin:-5.5px 0 0 -5.5px;border-radius:50%;background:var(--tone);box-shadow:0 0 0 1.5px var(--card);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.mark-at.shape-1{border-radius:2px}.mark-at.shape-2{border-radius:2px;transform:rotate(45deg)}.mark-at.shape-3{border-radius:50% 50% 0 0}
.mark-at.undecided{background:var(--card);border:2.5px solid var(--tone)}
.mark-at.beaten{width:7px;height:7px;margin:-3.5px 0 0 -3.5px;background:var(--zone);opacity:.75}
.mark-at.knee{z-index:1;outline:2px solid var(--ink);outline-offset:3px}
.mark-at.on{outline:2px solid var(--accent);outline-offset:2px;z-index:2}
.name-at{position:absolute;font-size:12px;line-height:15px;font-weight:600;white-space:nowrap;transform:translate(15px,-50%);pointer-events:none;text-shadow:0 0 3px var(--card),0 0 3px var(--card),0 0 2px var(--card)}.name-at.left{transform:translate(calc(-100% - 12px),-85%)}
.scale{display:inline-block;width:110px;height:9px;border-radius:5px;background:linear-gradient(90deg,var(--clean),var(--middle),var(--dirty));vertical-align:middle;margin:0 7px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.how{display:flex;flex-wrap:wrap;gap:6px 22px;color:var(--soft);font-size:13px;margin:12px 0 0;align-items:center}
.how .mark-at{position:static;display:inline-block;margin:0 6px 0 0;vertical-align:-1px;--tone:var(--middle)}.how .mark-at.beaten{margin:0 6px 0 0;vertical-align:1px}.how .mark-at.knee{margin:0 10px 0 5px;width:9px;height:9px}
.how label{display:none;color:var(--ink);cursor:pointer}.live .how label{display:inline}
.points td,.points th{white-space:nowrap;padding:7px 10px;font-size:14px}.points td.number,.points th.number{text-align:right}
.points .range,.points .small{display:block;font-size:12.5px}
.points tbody tr:hover,.points tr.on{background:var(--tint)}.points tr.is-knee{box-shadow:inset 3px 0 var(--accent)}
.points th[scope=row]{min-width:66px}.points .tone{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--tone);margin-right:7px}
.points .why{white-space:normal;min-width:120px;color:var(--soft);font-size:13px}
@media (max-width:860px){.front-grid{grid-template-columns:minmax(0,1fr)}.front-grid .wide{grid-row:auto}}
`
