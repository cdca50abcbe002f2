//go:build !healthy

package rules

import "regexp"

// Compiled before main, needed or not.
var table = compileAll()

func compileAll() []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(services)*len(shapes))
	for i := range all {
		all[i] = compile(i)
	}
	return all
}

func rule(i int) *regexp.Regexp {
	return table[i]
}
