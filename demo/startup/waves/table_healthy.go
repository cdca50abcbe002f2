//go:build healthy

package waves

import (
	"sync"
	"time"
)

// table samples the wave at the first call, and lets the page draw now and then.
var table = sync.OnceValue(func() []float64 {
	return build(func(i int) {
		if i%(1<<15) == 0 {
			time.Sleep(time.Millisecond)
		}
	})
})
