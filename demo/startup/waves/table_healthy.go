//go:build healthy

package waves

import "sync"

// table samples the wave at the first call.
var table = sync.OnceValue(build)
