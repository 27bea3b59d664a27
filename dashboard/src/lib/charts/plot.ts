/**
 * Draws series with uPlot. Loaded when a chart is seen for the first time: nothing else imports uPlot.
 *
 * Colours are those of the page's style, read whenever it is drawn: a canvas knows no variables.
 *
 * @module
 */
import 'uplot/dist/uPlot.min.css'
import UPlot from 'uplot'
import { momentText } from './ranges.ts'
import { barAt, gridSteps, loneSteps, type Series, type Steps } from './series.ts'

export interface PlotData {
  readonly steps: Steps
  readonly series: readonly Series[]
}

export interface PlotOptions {
  readonly place: HTMLElement
  readonly width: number
  readonly height: number
  readonly data: PlotData
  readonly valueText: (value: number) => string
  /** Null: the pointer has left. */
  readonly onhover: (step: number | null) => void
  /** A bar was clicked, or a range was drawn over; `label`: of the series whose bar it was. */
  readonly onselect: (one: number, other: number, label?: string) => void
}

export interface Plot {
  show(data: PlotData): void
  resize(width: number): void
  /** Shows the place of a step, as when the pointer is over it. */
  point(step: number | null): void
  destroy(): void
}

const DARK = '(prefers-color-scheme: dark)'
const BAR_SHARE = 0.7
const BAR_WIDTH_MAX = 40
const LABEL_HEIGHT = 26
/** Half of the text that stands at the right edge. */
const LABEL_OVERHANG = 22
/** A range that is drawn over is wider: less is a hand that trembled at a click. */
const DRAG_FROM_PX = 6
const AWAY = { left: -10, top: -10 }

export function drawPlot(options: PlotOptions): Plot {
  const { place, width, height, valueText } = options
  let { data } = options
  const colour = (name: string) => colourOf(place, name)
  const plot = new UPlot(
    {
      ...{ width, height, legend: { show: false } },
      padding: [8, LABEL_OVERHANG, 0, 0],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: DRAG_FROM_PX },
      },
      scales: {
        x: { range: () => edgesOf(data.steps) },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
      },
      axes: [
        {
          ...axis(colour),
          ...{ size: LABEL_HEIGHT, space: 60, grid: { show: false } },
          values: (_plot, seconds) => seconds.map((each) => momentText(new Date(each * 1_000))),
        },
        {
          ...axis(colour),
          ...{ size: 54, space: 32, grid: { stroke: () => colour('--line'), width: 1 } },
          incrs: () => gridSteps(data.series),
          values: (_plot, values) => values.map(valueText),
        },
      ],
      series: [{}, ...data.series.map((_each, index) => seriesOf(() => data, index, colour))],
      hooks: {
        setCursor: [({ cursor: { idx } }) => options.onhover(idx ?? null)],
        setSelect: [selected],
      },
    },
    valuesOf(data),
    place,
  )

  function selected({ select: { left, width: drawn } }: UPlot): void {
    if (drawn < DRAG_FROM_PX) return
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    options.onselect(plot.posToIdx(left), plot.posToIdx(left + drawn))
  }

  plot.over.addEventListener('click', ({ offsetX, offsetY }) => {
    const step = plot.posToIdx(offsetX)
    options.onselect(step, step, barAt(data.series, step, plot.posToVal(offsetY, 'y'))?.label)
  })
  const scheme = matchMedia(DARK)
  const redraw = () => plot.redraw(true, true)
  scheme.addEventListener('change', redraw)

  return {
    show: (next) => {
      data = next
      plot.setData(valuesOf(next))
    },
    resize: (next) => plot.setSize({ width: next, height }),
    point: (step) => {
      if ((plot.cursor.idx ?? null) === step) return
      const at = step === null ? undefined : plot.data[0][step]
      plot.setCursor(at === undefined ? AWAY : { left: plot.valToPos(at, 'x'), top: 0 }, false)
    },
    destroy: () => {
      scheme.removeEventListener('change', redraw)
      plot.destroy()
    },
  }
}

function axis(colour: (name: string) => string): UPlot.Axis {
  return {
    stroke: () => colour('--quiet'),
    font: '11px system-ui, sans-serif',
    ticks: { stroke: () => colour('--line'), size: 4, width: 1 },
  }
}

function seriesOf(
  read: () => PlotData,
  index: number,
  colour: (name: string) => string,
): UPlot.Series {
  const now = () => read().series[index]
  const own = () => colour(now()?.colour ?? '--accent')
  if (now()?.shape === 'line') {
    const filter = () => [...loneSteps(now()?.values ?? [])]
    const points = { size: 5, fill: own, stroke: own, filter }
    return { stroke: own, width: 1.5, points }
  }
  const paths = UPlot.paths.bars?.({ size: [BAR_SHARE, BAR_WIDTH_MAX] })
  return { fill: own, width: 0, points: { show: false }, ...(paths && { paths }) }
}

/** A value stands in the middle of its step: what is nearest to a pointer is what is under it. */
function valuesOf({ steps, series }: PlotData): UPlot.AlignedData {
  const middles = steps.starts.map((start) => start.getTime() / 1_000 + steps.seconds / 2)
  return [middles, ...series.map(({ values }) => [...values])]
}

function edgesOf({ starts, seconds }: Steps): [number, number] {
  const first = (starts[0]?.getTime() ?? 0) / 1_000
  return [first, first + starts.length * seconds]
}

/** As it is now, in light or dark. */
function colourOf(place: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  place.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
