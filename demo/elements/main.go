// Command elements leaves trails behind what JavaScript draws, in every frame. The sick variant reads and writes each
// byte of the picture by itself; the healthy one copies them all at once.
package main

import "syscall/js"

const (
	width  = 128
	height = 72
)

// now is the picture as JavaScript has drawn it, shown what it becomes; four bytes make a pixel.
var now, shown [width * height * 4]byte

func main() {
	js.Global().Set("trail", js.FuncOf(func(_ js.Value, args []js.Value) any {
		pixels := args[0]
		fetch(pixels)
		fade()
		store(pixels)
		return nil
	}))
	js.Global().Call("begin", width, height)
	select {}
}

// fade mixes what is drawn now with what was shown before.
func fade() {
	for i := range shown {
		before := int(shown[i]) * 15 / 16
		shown[i] = byte(max(int(now[i]), before))
	}
}
