/**
 * What must be known of a claimed host outside of PiCloud, so that requests come here.
 *
 * By the pattern alone, for somebody who is about to claim it; the check of a claim asks the network.
 *
 * @module
 */
export type HostSetUp =
  | { readonly kind: 'record'; readonly name: string }
  | {
      /** `itself`: this machine only; `address`: no name is asked for; `home`: a router's matter. */
      readonly kind: 'itself' | 'address' | 'home'
    }

const HOME = /(?:^|\.)(?:lan|local|home\.arpa|internal|home)$/

/** @param pattern as somebody writes it, not yet in normal form */
export function hostSetUp(pattern: string): HostSetUp | null {
  const text = pattern.trim().toLowerCase().replace(/\.$/, '')
  if (text === '') return null
  if (/^\[.*\]$/.test(text) || /^\d+(?:\.\d+){3}$/.test(text)) return { kind: 'address' }
  const name = text.replace(/^\{\w*\}/, '*')
  if (name === 'localhost' || name.endsWith('.localhost')) return { kind: 'itself' }
  if (!name.includes('.') || HOME.test(name)) return { kind: 'home' }
  return { kind: 'record', name }
}
