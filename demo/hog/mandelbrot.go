package main

import "math"

const turns = 600

// view is a part of the complex plane: its middle, and the size of a pixel.
type view struct {
	re, im, pixel float64
}

// closer gives the view after some steps of zooming in.
func closer(steps int) view {
	return view{re: -0.743643, im: 0.131826, pixel: 3.2 / width * math.Pow(0.86, float64(steps))}
}

// line draws one line of pixels: how soon the point under each leaves, 0 for never.
func (v view) line(y int, pixels []byte) {
	im := v.im + (float64(y)-height/2)*v.pixel
	for x := range pixels {
		pixels[x] = escape(v.re+(float64(x)-width/2)*v.pixel, im)
	}
}

func escape(re, im float64) byte {
	x, y := re, im
	for turn := 1; turn < turns; turn++ {
		xx, yy := x*x, y*y
		if xx+yy > 4 {
			return byte(1 + turn*5%255)
		}
		x, y = xx-yy+re, 2*x*y+im
	}
	return 0
}
