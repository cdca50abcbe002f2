//go:build !healthy

package main

import (
	"strconv"
	"syscall/js"
)

// Draw looks up every cell in every frame, and sets its text and colour one by one: seven crossings a cell.
func (g *Grid) Draw() {
	document := js.Global().Get("document")
	for i, level := range g.levels {
		cell := document.Call("getElementById", cellID(i))
		cell.Set("textContent", strconv.Itoa(int(level)))
		cell.Get("style").Set("opacity", 0.1*float64(level+1))
	}
}
