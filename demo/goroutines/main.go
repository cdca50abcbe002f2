// Command goroutines passes parcels along a chain of 200 goroutines. In the sick variant each looks for a parcel,
// and sleeps for a millisecond when there is none; in the healthy one each waits at its channel.
package main

import (
	"syscall/js"
	"time"
)

const (
	links = 200
	every = 100 * time.Millisecond
)

// parcel knows when it was sent.
type parcel struct {
	sent time.Time
}

// looks counts how often a goroutine looked for a parcel.
var looks int

func main() {
	chain := newChain(links)
	delivered := js.Global().Get("delivered")
	go func() {
		for parcel := range chain.last() {
			delivered.Invoke(time.Since(parcel.sent).Seconds()*1000, looks)
		}
	}()
	showFrames(chain)
	for range time.Tick(every) {
		chain.first() <- parcel{sent: time.Now()}
	}
}

// showFrames hands the page, in every frame, where parcels have just been.
func showFrames(c *chain) {
	show := js.Global().Get("show")
	shared := js.Global().Get("Uint8Array").New(links)
	requestAnimationFrame := js.Global().Get("requestAnimationFrame")
	var frame js.Func
	frame = js.FuncOf(func(js.Value, []js.Value) any {
		js.CopyBytesToJS(shared, c.glow)
		for i, level := range c.glow {
			c.glow[i] = level - level/8
		}
		show.Invoke(shared)
		requestAnimationFrame.Invoke(frame)
		return nil
	})
	requestAnimationFrame.Invoke(frame)
}
