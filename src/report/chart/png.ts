import { createRequire } from 'node:module'
import type { ChartFacts } from '../../records/trend.js'
import { AS_PICTURE, chartSvg } from './svg.js'

/** Pixels: three for each unit of the chart, sharp on every screen and small as a file. */
const WIDTH = 1380

/** Lato, in the form that resvg reads: it takes neither WOFF nor WOFF2. */
const FONTS = ['400Regular/Lato_400Regular.ttf', '700Bold/Lato_700Bold.ttf']

/**
 * The chart as a PNG in light colours, the same on every machine, since no font of the system is used;
 * undefined for fewer than three runs. The renderer is loaded only here. Rejects where it cannot be loaded.
 */
export async function chartPng(facts: ChartFacts): Promise<Buffer | undefined> {
  const svg = chartSvg(facts, AS_PICTURE)
  if (svg === undefined) return undefined
  const { Resvg } = await import('@resvg/resvg-js')
  const resolve = createRequire(import.meta.url).resolve
  const fontFiles = FONTS.map((font) => resolve(`@expo-google-fonts/lato/${font}`))
  const image = new Resvg(svg.markup, {
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Lato' },
    fitTo: { mode: 'width', value: WIDTH },
  })
  return image.render().asPng()
}
