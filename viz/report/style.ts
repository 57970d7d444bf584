/** The page's look: system fonts, quiet colours with contrast of 4.5 to 1 for text, light and dark, narrow and paper. */
const tones = {
  light: ['#1769c2', '#c2410c', '#0d8465', '#8a3ec4', '#a16a07', '#c01860', '#4d7c0f', '#0e7a94', '#7c5a38'],
  dark: ['#66aef5', '#f59362', '#43c7a4', '#c198f5', '#e3b65a', '#f583b0', '#a9cd55', '#56c6e0', '#d0aa84'],
}
const variablesOf = (colours: readonly string[]) => colours.map((colour, i) => `--tone-${i}:${colour};`).join('')

const dark = `--page:#12161c;--card:#1a2029;--ink:#e8ecf1;--soft:#a5b0bd;--line:#2c3541;--grid:#262e39;--accent:#7db8f7;--tint:#202a37;
--better:#4fd1a5;--better-tint:#143529;--worse:#ff9a76;--worse-tint:#3d2018;--open:#a5b0bd;--open-tint:#252d38;
--land:#222b36;--coast:#3b4756;--zone:#5b6b7e;--noise:#2b3440;--flow:#7db8f7;--tone-base:#98a4b3;${variablesOf(tones.dark)}`

const light = `--page:#f4f6f8;--card:#fff;--ink:#16202c;--soft:#566373;--line:#dde3e9;--grid:#e8ecf0;--accent:#1759a8;--tint:#eef4fb;
--better:#08694f;--better-tint:#e0f4ec;--worse:#a8380b;--worse-tint:#fdeae2;--open:#566373;--open-tint:#eef1f4;
--land:#e9edf1;--coast:#c3ccd6;--zone:#9aa8b7;--noise:#e9edf2;--flow:#1759a8;--tone-base:#6b7785;${variablesOf(tones.light)}`

const base = `
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer{max-width:1200px;margin:0 auto;padding:0 24px}
header{display:flex;gap:20px;align-items:center;padding-top:36px;padding-bottom:12px}
header p{margin:.2em 0;color:var(--soft);max-width:70ch}
.logo{width:64px;flex:none;fill:none;stroke:var(--coast);stroke-width:1.5}
.logo .sun{fill:#e0a526;stroke:none}.logo .planet{fill:var(--accent);stroke:none}
.eyebrow{text-transform:uppercase;letter-spacing:.09em;font-size:12px;font-weight:600}
h1{font-size:30px;line-height:1.15;margin:0;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:24px;line-height:1.2;margin:40px 0 8px;letter-spacing:-.01em}
h2 small{display:block;text-transform:uppercase;letter-spacing:.09em;font-weight:600;margin-bottom:2px}
h3{font-size:17px;margin:0 0 4px}
a{color:var(--accent)}
b,strong{font-weight:620}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--page);border:1px solid var(--line);border-radius:6px;padding:10px 12px;white-space:pre-wrap;margin:8px 0}
small{font-size:12px;color:var(--soft);font-weight:400}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 12px;z-index:9}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.lead{color:var(--soft);margin:0 0 12px;max-width:82ch}
.range{color:var(--soft);white-space:nowrap;font-size:.92em}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px}
.scroll{overflow-x:auto;position:relative}
.note{color:var(--soft);font-size:13px;margin:8px 0 0}
.empty{color:var(--soft);background:var(--card);border:1px dashed var(--line);border-radius:10px;padding:22px;text-align:center;margin:0}
.banner{background:var(--worse-tint);border:1px solid var(--worse);color:var(--ink);border-radius:10px;padding:12px 16px}
footer{color:var(--soft);font-size:13px;padding-top:24px;padding-bottom:40px}
`

const answers = `
.headline{font-size:20px;line-height:1.4;margin:4px 0 18px;max-width:64ch;text-wrap:pretty}
.cards{display:grid;grid-template-columns:repeat(var(--columns),minmax(0,1fr));gap:14px;margin-bottom:14px}
.answer{border-top:3px solid var(--coast)}.answer-shown,.answer-baseline{border-top-color:var(--better)}
.answer h3 a{text-decoration:none}.answer h3 a:hover{text-decoration:underline}
.answer p{margin:.45em 0}.answer .about{color:var(--soft);font-size:13.5px;margin:0 0 .7em}.answer .aside{color:var(--soft);font-size:14px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:9px 12px;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{font-size:13px;color:var(--soft);font-weight:600;vertical-align:bottom;white-space:nowrap}
thead small{display:block}
th[scope=row]{font-weight:600}th .policy{white-space:normal;overflow-wrap:break-word;align-items:baseline;flex-wrap:wrap;gap:0 7px}.comparison th[scope=row],.outcome th[scope=row]{max-width:210px;min-width:172px}
caption,.caption{margin:0;text-align:left;color:var(--soft);font-size:13.5px;padding-bottom:8px}
.big{font-size:16px;font-weight:600;white-space:nowrap}.small{display:block;font-size:13.5px;color:var(--soft);white-space:nowrap}
.glance .best{background:var(--tint);box-shadow:inset 3px 0 var(--better)}
.none{color:var(--soft)}
.mark{display:inline-block;min-width:17px;text-align:center;font-size:12px;font-weight:700;border-radius:9px;line-height:17px}
.mark.is-baseline{display:none}
.badge{display:inline-block;font-size:12px;line-height:1.3;font-weight:600;padding:2px 8px;border-radius:10px;white-space:nowrap}
.is-better{color:var(--better)}.is-worse{color:var(--worse)}.is-open{color:var(--open)}
.badge.is-better,.mark.is-better{background:var(--better-tint)}.badge.is-worse,.mark.is-worse{background:var(--worse-tint)}.badge.is-open,.mark.is-open{background:var(--open-tint)}
.comparison th,.comparison td{padding-left:8px;padding-right:8px}.pair{display:block}.pair .range{display:block;font-size:13px}
.gap{font-size:13.5px;margin:5px 0 3px;white-space:nowrap}
.comparison .about{display:block;white-space:normal;max-width:22ch}
.baseline-row{background:color-mix(in srgb,var(--page) 55%,transparent)}
.outcome td{min-width:98px}.outcome .fill{display:block;height:5px;border-radius:3px;background:var(--flow);opacity:.55;margin:4px 0 2px;min-width:1px}
`

const toneRules = ['base', ...tones.light.map((_, i) => String(i))]
  .map((tone) => `.tone-${tone}{--tone:var(--tone-${tone})}`)
  .join('')

const charts = `
${toneRules}
.policy{display:inline-flex;align-items:center;gap:7px;white-space:nowrap}
.swatch{width:22px;height:8px;flex:none;stroke:var(--tone);stroke-width:4;stroke-linecap:round}
.rail{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--page) 94%,transparent);backdrop-filter:blur(6px);border-bottom:1px solid var(--line);margin:34px -24px 0;padding:8px 24px;display:none;gap:6px 18px;flex-wrap:wrap;align-items:center;justify-content:space-between}
.live .rail{display:flex}
.tabs,.legend{display:flex;gap:4px;flex-wrap:wrap}
.tabs a{padding:6px 13px;border-radius:7px;text-decoration:none;color:var(--soft);font-weight:600;white-space:nowrap}
.tabs a:hover{background:var(--tint)}.tabs a[aria-current]{background:var(--ink);color:var(--page)}
.legend button,.chip{font:inherit;font-size:13.5px;color:var(--ink);background:none;border:1px solid transparent;border-radius:7px;padding:4px 9px;cursor:pointer}
.legend button:hover,.chip:hover{background:var(--tint)}.legend button[aria-pressed=true],.chip[aria-pressed=true]{border-color:var(--accent);background:var(--tint)}
.scene{scroll-margin-top:96px}.live .scene:not(.on){display:none}
.block{margin-top:34px}
.block h3{font-size:19px}
figure{margin:0}
.plot{position:relative;padding-bottom:24px}.plot.with-y{padding-left:46px}
.area{position:relative;height:var(--height)}
.area>svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible;display:block}
.plot path{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--grid);stroke-width:1}
.series{stroke:var(--tone);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.series.tone-base{stroke-width:3.6;opacity:.75}
.has-front [data-policy]:not(.front){opacity:.14}.has-front .series.front{stroke-width:2.8;opacity:1}
.y-ticks span,.x-ticks span{position:absolute;font-size:12px;line-height:1;color:var(--soft);white-space:nowrap}
.y-ticks{position:absolute;left:0;top:0;width:40px;height:var(--height)}.y-ticks span{right:0;transform:translateY(50%)}
.x-ticks{position:absolute;left:0;right:0;bottom:4px;height:14px}.with-y .x-ticks{left:46px}.x-ticks span{transform:translateX(-50%)}
.cursor{position:absolute;top:0;bottom:0;width:1px;background:var(--ink);opacity:.55;pointer-events:none}
.facets{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(350px,100%),1fr));gap:14px}
.facet figcaption,.panel figcaption{display:flex;justify-content:space-between;gap:10px;align-items:baseline;margin-bottom:10px}
.facet figcaption span,.panel figcaption span{color:var(--soft);font-size:12.5px;white-space:nowrap}
.rows{display:grid;grid-template-columns:auto minmax(90px,1fr) auto;gap:0 12px}
.names span,.values span{display:flex;align-items:center;height:var(--row);font-size:13.5px;line-height:1.1}.names span{max-width:124px;overflow-wrap:anywhere}
.values span{justify-content:flex-end;font-weight:600}
.noise{fill:var(--noise)}.zero{stroke:var(--ink);stroke-width:1.2}
.whisker{stroke:currentColor;stroke-width:2.2;stroke-linecap:round}.dot{stroke:currentColor;stroke-width:9;stroke-linecap:round}
.cross{stroke:var(--tone);stroke-width:1.6;opacity:.6}[class^=tone] .dot{stroke:var(--tone)}
.tag{position:absolute;font-size:12.5px;line-height:15px;font-weight:600;color:var(--tone);white-space:nowrap;transform:translate(9px,-50%);max-width:165px;overflow:hidden;text-overflow:ellipsis}.tag.left{transform:translate(calc(-100% - 9px),-50%)}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(240px,100%),1fr));gap:18px 22px;margin-top:20px}
.panel figcaption{font-size:13.5px;margin-bottom:6px}.panel figcaption b{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.panels .series{stroke-width:1.4}.panels .series.tone-base{stroke-width:2.6}
details{margin-top:18px}summary{cursor:pointer;color:var(--accent);font-size:14px}
#tip{position:fixed;z-index:9;pointer-events:none;background:var(--card);border:1px solid var(--line);border-radius:8px;box-shadow:0 6px 24px rgb(0 0 0/.18);padding:8px 11px;font-size:13px;min-width:120px}
#tip b{display:block;margin-bottom:3px}#tip div{display:flex;gap:8px;align-items:center}#tip strong{margin-left:auto;padding-left:14px}.dab{width:12px;height:3px;border-radius:2px;background:var(--tone)}
`

const map = `
.controls{display:none;justify-content:space-between;gap:8px 16px;flex-wrap:wrap;margin-bottom:12px;font-size:14px}.live .controls{display:flex}.controls label{padding:4px 0;cursor:pointer}
.only-still{color:var(--soft);margin:0 0 8px;display:flex;flex-wrap:wrap;gap:2px 18px}.live .only-still{display:none}
.map-body{display:grid;grid-template-columns:minmax(0,1.35fr) minmax(0,1fr);gap:28px;align-items:start}
.ground{position:relative;width:100%;max-width:calc(680px*var(--aspect));margin:0 auto;aspect-ratio:var(--aspect)}
.ground svg{position:absolute;inset:0;width:100%;height:100%;display:block}
.land{fill:var(--land);stroke:var(--coast);stroke-width:1.2;stroke-linejoin:round}
.zones circle{fill:var(--zone);fill-opacity:.42;stroke:var(--zone);stroke-width:1}
.layer{display:none}.layer.on{display:block}table.layer.on{display:table}
.arcs path{fill:none;stroke:var(--flow);stroke-linecap:round;vector-effect:non-scaling-stroke}.arcs path:hover{opacity:1}
.change .arcs .more{stroke:var(--better)}.change .arcs .less{stroke:var(--worse);stroke-dasharray:5 5;stroke-linecap:butt}
.key{display:inline-block;padding-left:24px;position:relative;margin-right:10px}.key::before{content:"";position:absolute;left:0;top:.7em;width:18px;border-top:3px solid var(--better)}.key.less::before{border-top:3px dashed var(--worse)}
.warehouse{fill:var(--card);fill-opacity:.85;stroke:var(--ink);stroke-width:2.6}
.place{position:absolute;font-size:12px;line-height:15px;font-weight:600;white-space:nowrap;text-shadow:0 0 3px var(--card),0 0 3px var(--card),0 0 2px var(--card);pointer-events:none}
.place.right{transform:translate(9px,-50%)}.place.left{transform:translate(calc(-100% - 9px),-50%)}.place.below{transform:translate(-50%,8px)}.place.above{transform:translate(-50%,calc(-100% - 8px))}
.bars th,.bars td{padding:5px 8px;font-size:13.5px;white-space:nowrap}.bars td,.bars thead th:not(:first-child){text-align:right}.bars th[scope=row]{font-weight:400;max-width:150px;overflow:hidden;text-overflow:ellipsis}
.bars .meter{width:26%;min-width:50px;vertical-align:middle}.bars .meter span{display:block;height:8px;border-radius:2px;background:var(--flow);opacity:.6;min-width:1px}
.notes{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:14px}
.notes p{margin:.6em 0;font-size:14.5px}dl{margin:8px 0 0;font-size:14.5px}dt{font-weight:600;margin-top:10px}dd{margin:2px 0 0;color:var(--soft)}dd small{display:block}
.facts{display:grid;grid-template-columns:auto 1fr;gap:5px 16px}.facts dt,.facts dd{margin:0}
`

const narrow = `@media (max-width:980px){.cards{grid-template-columns:minmax(0,1fr)}}@media (max-width:760px){header,main,footer{padding-left:14px;padding-right:14px}header{padding-top:20px;align-items:flex-start;gap:14px}.logo{width:44px}h1{font-size:24px}.headline{font-size:18px}
.card{padding:13px 13px}.rail{margin:26px -14px 0;padding:6px 14px;flex-direction:column;flex-wrap:nowrap;align-items:stretch;gap:4px}.tabs,.legend{flex-wrap:nowrap;overflow-x:auto;scrollbar-width:none}
.stacks thead{display:none}.stacks,.stacks tbody,.stacks tr,.stacks th{display:block}.stacks tr{padding:10px 0;border-bottom:1px solid var(--line)}.stacks tr:last-child{border:0}.stacks th,.stacks td{border:0;padding:3px 0}.comparison th[scope=row],.outcome th[scope=row]{max-width:none;min-width:0}.stacks td{display:grid;grid-template-columns:104px minmax(0,1fr);gap:0 10px;padding:5px 0}.stacks td>*{grid-column:2;justify-self:start}.stacks td::before{content:attr(data-label);grid-column:1;grid-row:1;color:var(--soft);font-size:13px;line-height:24px}.comparison .about{max-width:none}.pair{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 7px}.outcome.stacks td{grid-template-columns:104px 74px minmax(0,1fr);align-items:baseline;padding:1px 0}.outcome.stacks td>*{grid-column:auto}.outcome.stacks .fill,.bars .meter{display:none}.bars thead td{display:none}.baseline-row{background:none}
.map-body{grid-template-columns:minmax(0,1fr)}.minor{display:none}.plot.with-y{padding-left:38px}.y-ticks{width:33px}.with-y .x-ticks{left:38px}.scene{scroll-margin-top:90px}.facts{grid-template-columns:1fr}.facts dd{margin-bottom:6px}}`

const paper = `@media print{.cards{grid-template-columns:1fr 1fr}:root{${light}}body{background:#fff;font-size:12px}.rail,.live .rail,.controls,.live .controls,.skip,#tip{display:none}.live .scene:not(.on){display:block}.live .only-still{display:flex}
h2,h3,.lead,.caption,figcaption{break-after:avoid}.comparison .big,.glance .big,.outcome .big{font-size:13px}th,td,.comparison th,.comparison td{padding:5px 6px}.badge,.range,.pair .range{font-size:10px}.badge{padding:1px 5px}.gap{font-size:11px}.comparison td,.outcome td{min-width:0}.block{break-inside:avoid;margin-top:22px}p{orphans:3;widows:3}.comparison th[scope=row],.outcome th[scope=row]{min-width:104px;max-width:130px}.comparison .about{display:none}.badge{white-space:normal}.scene{break-before:page}.card,figure,tr,.facet,.panel{break-inside:avoid}.card{border-color:#ccc}.scroll{overflow:visible}.comparison td{min-width:0}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}header,main,footer{max-width:none}}`

export const style = `:root{color-scheme:light dark;${light}}@media (prefers-color-scheme:dark){:root{${dark}}}${base}${answers}${charts}${map}${narrow}${paper}`
