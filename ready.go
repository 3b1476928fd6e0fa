package microroute

import "github.com/microroute/microroute/message"

// Ready reports whether the App is there for new requests: no Server of it has begun to shut down. Config.LameDuck leaves
// load balancers the time to notice.
func (a *App) Ready() bool {
	if a.host != nil {
		return a.host.Ready()
	}
	return a.stopping.Load() == 0
}

// Readiness is a handler for load balancers: status 200 while the App is Ready, then 503.
func Readiness(c *Context) string {
	c.Response.Header.Set("Cache-Control", "no-store")
	c.Response.MIMEType = "text/plain"
	if !c.app.Ready() {
		c.Response.Status = message.StatusServiceUnavailable
		return "shutting down\n"
	}
	return "ready\n"
}
