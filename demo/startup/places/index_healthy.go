//go:build healthy

package places

import "sync"

// index builds the places at the first call.
var index = sync.OnceValue(build)
