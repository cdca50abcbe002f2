package main

import (
	"math"
	"syscall/js"
)

const (
	width, height = 320, 160
	wayLength     = 64
)

type point struct{ x, y float32 }

// walker goes where the field sends it, and remembers the way it came, newest first.
type walker struct {
	way []point
}

type field struct {
	walkers []walker
	time    float64
	pixels  []byte
	shared  js.Value
	paint   js.Value
}

func newField(count int) *field {
	f := &field{
		walkers: make([]walker, count),
		pixels:  make([]byte, width*height),
		shared:  js.Global().Get("Uint8Array").New(width * height),
		paint:   js.Global().Get("paint"),
	}
	for i := range f.walkers {
		angle := float64(i) * 2.39996 // the golden angle spreads them evenly
		radius := math.Sqrt(float64(i)/float64(count)) * height / 2
		start := point{width/2 + float32(2*radius*math.Cos(angle)), height/2 + float32(radius*math.Sin(angle))}
		f.walkers[i].way = make([]point, wayLength)
		for j := range f.walkers[i].way {
			f.walkers[i].way[j] = start
		}
	}
	return f
}

// step moves every walker by one step of the flow at its place.
func (f *field) step() {
	f.time += 0.02
	for i := range f.walkers {
		w := &f.walkers[i]
		at := w.way[0]
		turn := math.Sin(float64(at.x)*4*math.Pi/width+f.time) + math.Cos(float64(at.y)*4*math.Pi/height-f.time/2)
		at.x += float32(math.Cos(turn * math.Pi))
		at.y += float32(math.Sin(turn * math.Pi))
		w.remember(point{wrap(at.x, width), wrap(at.y, height)})
	}
}

// draw adds every way up to an image, and hands that to the page.
func (f *field) draw() {
	for i := range f.pixels {
		f.pixels[i] = 0
	}
	for i := range f.walkers {
		for age, at := range f.walkers[i].way {
			pixel := &f.pixels[int(at.y)*width+int(at.x)]
			*pixel = byte(min(255, int(*pixel)+1+(wayLength-age)/2))
		}
	}
	js.CopyBytesToJS(f.shared, f.pixels)
	f.paint.Invoke(f.shared, width, height)
}

// wrap leads back in on the other side.
func wrap(x, size float32) float32 {
	switch {
	case x < 0:
		return min(x+size, size-1)
	case x >= size:
		return x - size
	}
	return x
}
