import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

/** Where Debian has it; tests in a browser are skipped where it is not. */
export const CHROMIUM = '/usr/bin/chromium'
/** Drawing in software, so that it works without a screen and without a graphics card; and nothing asked of any other machine. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

/** A browser of its own, which keeps what it keeps in a folder. */
export const openBrowser = (folder: string, width: number, height: number): Promise<BrowserContext> =>
  chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM,
    headless: true,
    viewport: { width, height },
    args: ARGUMENTS,
  })
