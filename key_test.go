package microroute_test

import (
	"fmt"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestKeys(t *testing.T) {
	number, same, text := microroute.NewKey[int]("key"), microroute.NewKey[int]("key"), microroute.NewKey[*string]("key")
	app := microroute.New()
	app.Get("/set", func(c *Context) string {
		number.Set(c, 1)
		number.Set(c, 2)
		text.Set(c, nil)
		n, ok := number.Get(c)
		m, other := same.Get(c)
		s, third := text.Get(c)
		return fmt.Sprint(n, ok, m, other, s == nil, third)
	})
	app.Get("/get", func(c *Context) string {
		n, ok := number.Get(c)
		return fmt.Sprint(n, ok)
	})
	client := microroutetest.New(t, app)
	for _, test := range []struct{ target, want string }{
		{"/set", "2 true 0 false true true"}, {"/get", "0 false"}, // values live as long as their request
	} {
		if got := client.Get(test.target).Body; got != test.want {
			t.Errorf("%s: got %q, want %q", test.target, got, test.want)
		}
	}
}
