//go:build healthy

package main

import "syscall/js"

var (
	paint  = js.Global().Get("paint")
	shared = js.Global().Get("Uint8Array").New(columns * rows)
)

// Draw copies all levels at once and lets the page's own script touch the DOM: two crossings a frame.
func (g *Grid) Draw() {
	js.CopyBytesToJS(shared, g.levels)
	paint.Invoke(shared)
}
