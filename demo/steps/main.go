// Command steps adds up the bytes of a long recording, which arrives in parts. The sick variant gathers all parts
// before it begins; the healthy one adds each up as it comes. Linear memory never shrinks, whatever Go frees.
package main

import (
	"runtime"
	"syscall/js"
	"time"
)

const (
	parts    = 32
	partSize = 1 << 20
)

func main() {
	heard := js.Global().Get("heard")
	for {
		sum := newSum()
		part := make([]byte, partSize)
		for i := 0; i < parts; i++ {
			receive(part, i)
			sum.add(part)
			heard.Invoke(i+1, parts, heapMB())
			time.Sleep(100 * time.Millisecond)
		}
		total := sum.total()
		sum, part = nil, nil
		runtime.GC() // so that the heap shown is what is still in use
		heard.Invoke(parts, parts, heapMB(), total%1_000_000)
		time.Sleep(4 * time.Second)
	}
}

// receive fills the part with the recording's next bytes.
func receive(part []byte, number int) {
	for i := range part {
		part[i] = byte(i*7 + i>>9 + number)
	}
}

// heapMB reads how much of the heap is allocated.
func heapMB() float64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / 1e6
}
