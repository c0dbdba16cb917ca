/** Keys in, screen out: holds what the person does with the screen and hands the rest to the driver. */
import { useApp, useInput } from 'ink'
import { useRef, useState, useSyncExternalStore } from 'react'
import type { Driver } from './driver.ts'
import { readKeys } from './keys.ts'
import { layOut, type Size } from './layout.ts'
import { extentsOf, Screen } from './screen.tsx'
import { type Action, INITIAL_UI, react } from './ui-state.ts'

/** What the app needs of a driver. */
export type Controls = Pick<Driver, 'view' | 'subscribe' | 'togglePause' | 'step' | 'faster' | 'slower'>

export function App({ driver, size }: { readonly driver: Controls; readonly size: Size }) {
  const { exit } = useApp()
  const view = useSyncExternalStore(driver.subscribe, driver.view)
  const [ui, setUi] = useState(INITIAL_UI)
  // Several keys may come before the next drawing.
  const latest = useRef(ui)
  const perform: Readonly<Record<Action, () => void>> = {
    pause: () => driver.togglePause(),
    step: () => driver.step(),
    faster: () => driver.faster(),
    slower: () => driver.slower(),
    quit: () => exit(),
  }
  useInput((input, ink) => {
    for (const key of readKeys(input, ink)) {
      const before = latest.current
      const { state, action } = react(
        before,
        key,
        extentsOf(driver.view(), before, layOut(size, before.focus)),
      )
      latest.current = state
      if (action) perform[action]()
    }
    setUi(latest.current)
  })
  return <Screen view={view} ui={ui} size={size} />
}
