//go:build healthy

package rules

import "regexp"

var table = make([]*regexp.Regexp, len(services)*len(shapes))

// rule compiles a rule when a line first gets as far as it.
func rule(i int) *regexp.Regexp {
	if table[i] == nil {
		table[i] = compile(i)
	}
	return table[i]
}
