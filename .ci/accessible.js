// Each page of a folder in headless Chromium, in both themes and at two widths: what axe-core finds, what is wider than the screen, what is fetched from elsewhere.
// node accessible.js FOLDER [PAGE...] prints a line for each fault; the last line counts pages and views. CHROMIUM=path names the browser.
const fs = require('fs'), http = require('http'), path = require('path'), puppeteer = require('puppeteer-core')
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const [folder, ...chosen] = process.argv.slice(2)
const types = {html: 'text/html', css: 'text/css', js: 'text/javascript', json: 'application/json', svg: 'image/svg+xml', woff2: 'font/woff2', png: 'image/png'}
const views = ['light', 'dark'].flatMap(theme => [1280, 390].map(width => ({theme, width})))
const pages = chosen.length ? chosen : fs.readdirSync(folder, {recursive: true}).filter(f => f.endsWith('.html')).sort()

const server = http.createServer((ask, answer) => {
    const file = path.join(folder, decodeURIComponent(ask.url.split('?')[0]))
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return answer.writeHead(404).end()
    answer.writeHead(200, {'content-type': types[path.extname(file).slice(1)] || 'application/octet-stream'})
    fs.createReadStream(file).pipe(answer)
})

// what axe finds in the page as it stands, and whether it is wider than its window
async function faults(light) {
    const rules = light ? {runOnly: ['color-contrast', 'link-in-text-block', 'target-size']} : {}
    const found = await axe.run(document, {resultTypes: ['violations'], ...rules})
    const wide = document.documentElement.scrollWidth - window.innerWidth
    const shown = found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.help}; first ${v.nodes[0].html.replace(/\s+/g, ' ').slice(0, 160)}`)
    return wide > 0 ? [...shown, `${wide} pixels wider than the screen`] : shown
}

async function read(tab, site, page) {
    let all = []
    for (const [n, {theme, width}] of views.entries()) {
        await tab.setViewport({width, height: 900})
        await tab.emulateMediaFeatures([{name: 'prefers-color-scheme', value: theme}, {name: 'prefers-reduced-motion', value: 'reduce'}])
        if (!n) { await tab.goto(`${site}/${page}`, {waitUntil: 'load'}); await tab.evaluate(axe) }
        await new Promise(done => setTimeout(done, 60))
        all.push(...(await tab.evaluate(faults, n > 1)).map(f => `${page} (${theme}, ${width} pixels): ${f}`))
    }
    return all
}

(async () => {
    await new Promise(done => server.listen(0, '127.0.0.1', done))
    const site = `http://127.0.0.1:${server.address().port}`
    const browser = await puppeteer.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'], protocolTimeout: 300000})
    const queue = [...pages], found = []
    async function work() {
        const tab = await browser.newPage()
        await tab.setRequestInterception(true)
        tab.on('request', r => {
            if (/^(data|blob):/.test(r.url()) || r.url().startsWith(site)) return r.continue()
            found.push(`${tab.url()}: fetches ${r.url().slice(0, 120)}`); r.abort()
        })
        tab.on('pageerror', e => found.push(`${tab.url()}: ${e.message}`))
        while (queue.length) found.push(...await read(tab, site, queue.shift()))
    }
    await Promise.all([work(), work()])
    await browser.close(); server.close()
    for (const line of new Set(found)) console.log(line)
    console.log(`${pages.length} pages in ${views.length} views, ${new Set(found).size} faults`)
})().catch(e => { console.error(e.message); process.exit(2) })
