//go:build !healthy

package main

import (
	"strconv"
	"syscall/js"
)

// Draw looks up every cell in every frame, and sets its HTML and opacity one by one: seven crossings a cell.
func (g *Grid) Draw() {
	document := js.Global().Get("document")
	for i, level := range g.levels {
		cell := document.Call("getElementById", cellID(i))
		cell.Set("innerHTML", "<b>"+strconv.Itoa(int(level))+"</b>")
		cell.Get("style").Set("opacity", 0.1*float64(level+1))
	}
}
