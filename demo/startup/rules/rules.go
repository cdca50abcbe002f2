// Package rules sorts log lines into classes by regular expressions.
package rules

import "regexp"

var classes = []string{"request", "payment", "sign-in", "disk", "cache", "queue", "mail", "deploy"}

var shapes = []string{
	`\bGET|POST|PUT|DELETE (/[\p{L}\d_-]+)+ (?P<status>[1-5]\d\d) (?P<ms>\d+)ms`,
	`payment [0-9a-f]{4,32} (accepted|declined): [\p{L} ]{1,80}`,
	`user [\p{L}\d._%+-]{1,64}@[\p{L}\d.-]{1,64}\.\p{L}{2,24} signed (in|out)`,
	`disk /dev/[a-z]{2,4}\d at \d{1,3}% on [\p{L}\d-]{1,63}`,
	`cache (hit|miss) for key [\p{L}\d]{1,32}:[0-9a-f]{1,64}`,
	`queue [\p{L}\d]{1,64} holds \d{1,9} messages`,
	`mail to [\p{L}\d._%+-]{1,64}@[\p{L}\d.-]{1,64} bounced`,
	`deploy of [\p{L}\d-]{1,64} (began|ended) after \d{1,6}s`,
}

// services are the prefixes a line may carry; each has rules of its own.
var services = []string{
	"", "api ", "web ", "jobs ", "billing ", "search ", "edge ", "audit ",
	"auth ", "media ", "chat ", "maps ", "sync ", "feed ", "store ", "proxy ",
}

// Classify names the class of a line, or "other".
func Classify(line string) string {
	for i := 0; i < len(services)*len(shapes); i++ {
		if rule(i).MatchString(line) {
			return classes[i%len(shapes)]
		}
	}
	return "other"
}

func compile(i int) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^` + services[i/len(shapes)] + `(?:` + shapes[i%len(shapes)] + `)`)
}
