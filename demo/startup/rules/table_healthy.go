//go:build healthy

package rules

import (
	"regexp"
	"time"
)

var table = make([]*regexp.Regexp, len(services)*len(shapes))

// rule compiles a rule when a line first gets as far as it, and lets the page draw before the next.
func rule(i int) *regexp.Regexp {
	if table[i] == nil {
		table[i] = compile(i)
		time.Sleep(time.Millisecond)
	}
	return table[i]
}
