// Command loading prints a calendar. Nothing is wrong with the program: the page and the server differ in how they get
// its module to the browser.
package main

import (
	"strings"
	"syscall/js"
	"text/template"
	"time"
)

var page = template.Must(template.New("month").Parse(
	"{{.Name}}\n Mo Tu We Th Fr Sa Su\n{{range .Weeks}}{{range .}}{{if .}}{{printf \"%3d\" .}}{{else}}   {{end}}{{end}}\n{{end}}"))

type month struct {
	Name  string
	Weeks [][7]int
}

func newMonth(day time.Time) month {
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
	shown := month{Name: first.Format("January 2006")}
	var week [7]int
	for at := first; at.Month() == first.Month(); at = at.AddDate(0, 0, 1) {
		column := (int(at.Weekday()) + 6) % 7
		week[column] = at.Day()
		if column == 6 || at.AddDate(0, 0, 1).Month() != first.Month() {
			shown.Weeks = append(shown.Weeks, week)
			week = [7]int{}
		}
	}
	return shown
}

func main() {
	show := js.Global().Get("printed")
	for at := time.Now().UTC(); ; at = at.AddDate(0, 1, 0) {
		var text strings.Builder
		if err := page.Execute(&text, newMonth(at)); err != nil {
			panic(err)
		}
		show.Invoke(text.String())
		time.Sleep(2 * time.Second)
	}
}
