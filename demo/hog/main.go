// Command hog draws the Mandelbrot set, ever closer. The sick variant draws each picture in one go; the healthy
// one stops every few milliseconds, so that the browser can do its own work.
package main

import (
	"syscall/js"
	"time"
)

const (
	width, height = 480, 240
	rest          = 100 * time.Millisecond
)

func main() {
	pixels := make([]byte, width*height)
	shared := js.Global().Get("Uint8Array").New(len(pixels))
	drawn := js.Global().Get("drawn")
	for zoom := 0; ; zoom++ {
		view := closer(zoom % 40)
		start := time.Now()
		draw(view, pixels)
		js.CopyBytesToJS(shared, pixels)
		drawn.Invoke(shared, width, height, time.Since(start).Seconds()*1000)
		time.Sleep(rest)
	}
}
