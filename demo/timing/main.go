// Command timing decodes, smooths and draws a signal, ten times a second, and measures each stage with the
// browser's user timing. In the sick variant one stage is slow, and the measures tell which.
package main

import (
	"syscall/js"
	"time"

	"demo/timing/usertiming"
)

const (
	samples = 30_000
	window  = 300
)

func main() {
	usertiming.Mark("ready")
	shared := js.Global().Get("Uint8Array").New(samples)
	plot := js.Global().Get("plot")
	for step := 0; ; step++ {
		signal := decode(record(step))
		smoothed := smooth(signal)
		draw(smoothed, shared, plot)
		time.Sleep(100 * time.Millisecond)
	}
}

// decode sums the differences that a record consists of.
func decode(record []int8) []int32 {
	defer usertiming.Measure("decode")()
	signal := make([]int32, len(record))
	level := int32(0)
	for i, difference := range record {
		level += int32(difference)
		signal[i] = level
	}
	return signal
}

// draw hands the signal to the page as bytes, the largest as 255.
func draw(signal []int32, shared, plot js.Value) {
	defer usertiming.Measure("draw")()
	lowest, highest := signal[0], signal[0]
	for _, level := range signal {
		lowest, highest = min(lowest, level), max(highest, level)
	}
	bytes := make([]byte, len(signal))
	for i, level := range signal {
		bytes[i] = byte(255 * (level - lowest) / max(1, highest-lowest))
	}
	js.CopyBytesToJS(shared, bytes)
	plot.Invoke(shared)
}
