//go:build healthy

package main

import "time"

const slice = 8 * time.Millisecond

// draw draws as many lines as fit a slice, and sleeps, which hands the thread back to the browser.
// runtime.Gosched would not: it only lets other goroutines run.
func draw(v view, pixels []byte) {
	start := time.Now()
	for y := 0; y < height; y++ {
		v.line(y, pixels[y*width:(y+1)*width])
		if time.Since(start) > slice {
			time.Sleep(time.Millisecond)
			start = time.Now()
		}
	}
}
