// Command bridge shows a grid of numbers that changes with every frame. The sick variant talks to the DOM once
// per cell and property; the healthy one crosses into JavaScript once per frame.
package main

import "syscall/js"

const columns, rows = 40, 28

func main() {
	grid := NewGrid(columns, rows)
	grid.Mount(js.Global().Get("document").Call("getElementById", "grid"))

	requestAnimationFrame := js.Global().Get("requestAnimationFrame")
	var frame js.Func
	frame = js.FuncOf(func(_ js.Value, args []js.Value) any {
		grid.Step(args[0].Float() / 1000)
		grid.Draw()
		requestAnimationFrame.Invoke(frame)
		return nil
	})
	requestAnimationFrame.Invoke(frame)
	select {}
}
