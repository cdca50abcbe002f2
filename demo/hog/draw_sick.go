//go:build !healthy

package main

// draw draws the whole picture in one go. A goroutine that does not wait holds the page's only thread.
func draw(v view, pixels []byte) {
	for y := 0; y < height; y++ {
		v.line(y, pixels[y*width:(y+1)*width])
	}
}
