package listing

// Policy is the value of the Content-Security-Policy field for a Page: it may show its own style, by the hash of that, and
// nothing else.
const Policy = "default-src 'none'; img-src data:; style-src 'sha256-z/6gxbj3FASxEJA/fod9ZEaznYp4Eh67AX4h0me7Or4='; base-uri 'none'; form-action 'none'"

// style is written for a phone first to fit; on a screen with room, the size and the time have columns of their own.
const style = `
:root{color-scheme:light dark;--text:#1d2430;--muted:#5d6878;--line:#dfe3e9;--link:#0b57b7;--back:#fff;--touched:#f2f5f9}
@media(prefers-color-scheme:dark){:root{--text:#e4e8ee;--muted:#9aa5b4;--line:#2c333d;--link:#82b5ff;--back:#13161b;--touched:#1c2129}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.25rem 1rem 3rem;font:1rem/1.45 system-ui,sans-serif;color:var(--text);background:var(--back)}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
svg{width:1.25em;height:1.25em;flex:none;fill:none;stroke:var(--muted);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
symbol#folder{fill:var(--line)}
nav{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .5rem;padding:0 .5rem .75rem;font-size:1.2rem;overflow-wrap:anywhere}
nav a,nav b{display:flex;align-items:center;min-height:2rem;min-width:0}
nav span{color:var(--muted)}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th{font-size:.875rem;font-weight:500;text-align:left;white-space:nowrap}
th a{display:block;padding:.5rem;color:var(--muted)}
[aria-sort] a{color:var(--text)}
[aria-sort=ascending] a::after{content:" \2191"}
[aria-sort=descending] a::after{content:" \2193"}
td{padding:0 .5rem;color:var(--muted);white-space:nowrap}
td:first-child{padding:0;width:99%;white-space:normal}
td a{display:flex;align-items:center;gap:.6rem;padding:.5rem;overflow-wrap:anywhere}
td a span{min-width:0}
td:nth-child(2),th:nth-child(2){text-align:right}
tr{border-bottom:1px solid var(--line)}
tbody tr:hover{background:var(--touched)}
footer{padding:1rem .5rem;font-size:.875rem;color:var(--muted)}
@media(max-width:40rem){
table,thead,tbody{display:block}
tr{display:flex;flex-wrap:wrap;justify-content:space-between}
td{font-size:.875rem;padding:0 .5rem .5rem}
td:first-child{width:100%;font-size:1rem}
td:nth-child(2){padding-left:2.35rem}
td:last-child{margin-left:auto}
td:empty{display:none}
td a{padding-bottom:.15rem}
}
`

// symbols are the icons, drawn once and used by name.
const symbols = `<svg width="0" height="0" hidden>
<symbol id="folder" viewBox="0 0 24 24"><path d="M3 6.5V18a1.5 1.5 0 0 0 1.5 1.5h15A1.5 1.5 0 0 0 21 18V8.5a1.5 1.5 0 0 0-1.5-1.5H12L9.5 4.5h-5A1.5 1.5 0 0 0 3 6z"/></symbol>
<symbol id="file" viewBox="0 0 24 24"><path d="M6.5 3H14l4.5 4.5V19.5A1.5 1.5 0 0 1 17 21H6.5A1.5 1.5 0 0 1 5 19.5V4.5A1.5 1.5 0 0 1 6.5 3zM14 3v4.5h4.5"/></symbol>
<symbol id="up" viewBox="0 0 24 24"><path d="M5 20h8a3 3 0 0 0 3-3V5M10.5 10.5 16 5l5.5 5.5"/></symbol>
<symbol id="home" viewBox="0 0 24 24"><path d="M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5"/></symbol>
</svg>
`

// icon returns one of the symbols. Whoever cannot see it misses nothing.
func icon(name string) string { return `<svg aria-hidden="true"><use href="#` + name + `"/></svg>` }
