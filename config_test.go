package microroute_test

import (
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

func TestConfigDefaults(t *testing.T) {
	got := microroute.New().Config()
	if got.Addr != ":8080" || got.Network != "tcp" || got.Server != "microroute" || got.DrainTime != 10*time.Second ||
		got.Logger == nil || got.Engine != microroute.EngineAuto || got.SingleThread || got.Development || got.Root != "" {
		t.Errorf("got %+v, want the documented defaults", got)
	}
	limits := got.Limits
	if limits.Target != 16<<10 || limits.Head != 64<<10 || limits.Fields != 200 || limits.Body != 4<<20 ||
		limits.HeadTimeout <= 0 || limits.BodyTimeout <= 0 || limits.WriteTimeout <= 0 || limits.IdleTimeout <= 0 {
		t.Errorf("got limits %+v, want all of them set", limits)
	}
}

func TestServerField(t *testing.T) {
	for name, want := range map[string]string{"": "microroute", "tea": "tea", "-": ""} {
		app := microroute.New(microroute.Config{Server: name})
		got := microroutetest.New(t, app).Get("/nowhere").Header
		if got.Get("Server") != want || got.Get("Date") == "" {
			t.Errorf("Config.Server %q: got Server %q and Date %q, want Server %q and some Date", name, got.Get("Server"), got.Get("Date"), want)
		}
	}
}

func TestEmptyRootServesNothing(t *testing.T) {
	client := microroutetest.New(t, microroute.New())
	for _, target := range []string{"/", "/go.mod", "/server_test.go", "/message/"} {
		if got := client.Get(target); got.Status != 404 {
			t.Errorf("%s: got %d, want 404", target, got.Status)
		}
	}
}

func TestRootThatIsNone(t *testing.T) {
	app := microroute.New(microroute.Config{Root: t.TempDir() + "/none"})
	if err := app.Prepare(); err == nil || !strings.Contains(err.Error(), "Config.Root: ") {
		t.Errorf("got error %v, want one about Config.Root", err)
	}
}

func TestDevelopmentLogsRequests(t *testing.T) {
	for _, development := range []bool{true, false} {
		var log record
		app := microroute.New(microroute.Config{Development: development, Logger: log.logger()})
		app.Get("/a", func(c *Context) { c.Response.Status = 201 })
		microroutetest.New(t, app).Get("/a")
		if got := strings.Contains(log.String(), "msg=request method=GET path=/a status=201 took="); got != development {
			t.Errorf("development %t: got log %q", development, log.String())
		}
	}
}
