// Command copy smooths a thousand records of 10 KB that JavaScript owns, over and over. The sick variant passes
// each record as JSON text; the healthy one copies its bytes.
package main

import (
	"syscall/js"
	"time"
)

const (
	samplesPerRecord = 5120 // of two bytes each: 10 KB
	slice            = 8 * time.Millisecond
)

func main() {
	records := js.Global().Get("records")
	progress := js.Global().Get("progress")
	for {
		var work time.Duration
		for next, count := 0, records.Length(); next < count; {
			start := time.Now()
			for next < count && time.Since(start) < slice {
				exchange(records.Index(next))
				next++
			}
			work += time.Since(start)
			progress.Invoke(next, work.Seconds()*1000)
			time.Sleep(4 * time.Millisecond) // lets the page paint
		}
	}
}

// smooth replaces each sample by the mean of itself and its neighbours.
func smooth(samples []int16) {
	before := samples[0]
	for i := 1; i < len(samples)-1; i++ {
		now := samples[i]
		samples[i] = int16((int(before) + int(now) + int(samples[i+1])) / 3)
		before = now
	}
}
