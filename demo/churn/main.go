// Command churn moves six thousand walkers in every frame and draws the way each came. The sick variant makes a
// new slice for every walker's way in every frame; the healthy one moves each way along in place.
package main

import (
	"runtime"
	"syscall/js"
	"time"
)

const walkers = 6000

func main() {
	field := newField(walkers)
	requestAnimationFrame := js.Global().Get("requestAnimationFrame")
	var frame js.Func
	frame = js.FuncOf(func(js.Value, []js.Value) any {
		field.step()
		field.draw()
		requestAnimationFrame.Invoke(frame)
		return nil
	})
	requestAnimationFrame.Invoke(frame)
	report()
}

// report tells the page, once a second, what the allocator and the collector did.
func report() {
	collected := js.Global().Get("collected")
	var before, now runtime.MemStats
	for {
		runtime.ReadMemStats(&now)
		collected.Invoke(now.NumGC-before.NumGC, float64(now.TotalAlloc-before.TotalAlloc)/1e6)
		before = now
		time.Sleep(time.Second)
	}
}
