package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Event is the body of contract v3.5.1. A pointer tells a key that is missing from one that is empty.
type Event struct {
	EventType  string   `json:"event_type"`
	OccurredAt string   `json:"occurred_at"`
	ActorID    string   `json:"actor_id"`
	SessionID  *string  `json:"session_id,omitempty"`
	Source     string   `json:"source"`
	Payload    *Payload `json:"payload"`
}

type Payload struct {
	Details       *string `json:"details,omitempty"`
	AmountCents   *int64  `json:"amount_cents,omitempty"`
	Currency      *string `json:"currency,omitempty"`
	ProviderID    *string `json:"provider_id,omitempty"`
	ScholarshipID *string `json:"scholarship_id,omitempty"`
	LatencyMs     *int64  `json:"latency_ms,omitempty"`
	Success       *bool   `json:"success,omitempty"`
	Simulated     *bool   `json:"simulated,omitempty"`
	EmailHash     *string `json:"email_hash,omitempty"`
	Reference     *string `json:"reference,omitempty"`
}

var (
	uuidV4    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	currency  = regexp.MustCompile(`^[A-Z]{3}$`)
	emailHash = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

var labels = set("scholar_auth", "scholarship_api", "scholarship_agent", "scholarship_sage",
	"student_pilot", "provider_register", "auto_page_maker")

var eventTypes = set("NewUser", "NewLead", "PaymentSuccess", "PageView", "ScholarshipMatchRequested",
	"ScholarshipMatchResult", "SageAssist", "ProviderOnboarded")

func set(names ...string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, name := range names {
		all[name] = true
	}
	return all
}

// checkHeaders returns the label and the id that the headers name.
func checkHeaders(headers http.Header) (label, id string, err error) {
	label, id = headers.Get("x-app-label"), strings.ToLower(headers.Get("x-event-id"))
	switch {
	case !strings.HasPrefix(headers.Get("content-type"), "application/json"):
		return "", "", errors.New("content-type")
	case headers.Get("x-scholar-protocol") != "v3.5.1":
		return "", "", errors.New("x-scholar-protocol")
	case !labels[label]:
		return "", "", errors.New("x-app-label")
	case !uuidV4.MatchString(id):
		return "", "", errors.New("x-event-id")
	}
	return label, id, nil
}

// readEvent parses a body and checks its shape. Personal data and repeated keys are not looked for, as A8 does: less work here.
func readEvent(body []byte) (*Event, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	event := &Event{}
	if err := decoder.Decode(event); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	if _, err := time.Parse(time.RFC3339Nano, event.OccurredAt); err != nil {
		return nil, err
	}
	if !eventTypes[event.EventType] {
		return nil, errors.New("event_type")
	}
	if event.Payload == nil || !isText(event.ActorID) || !isText(event.Source) || !isOptionalText(event.SessionID) {
		return nil, errors.New("a field is missing or has no text")
	}
	return event, checkPayload(event.EventType, event.Payload)
}

func checkPayload(eventType string, payload *Payload) error {
	if !isOptionalText(payload.ProviderID) || !isOptionalText(payload.ScholarshipID) || !isOptionalText(payload.Reference) {
		return errors.New("an identifier has no text")
	}
	if payload.Details != nil && (utf8.RuneCountInString(*payload.Details) > 1000 || strings.Contains(*payload.Details, "\x00")) {
		return errors.New("details")
	}
	if isNegative(payload.AmountCents) || isNegative(payload.LatencyMs) {
		return errors.New("a count is negative")
	}
	if payload.Currency != nil && !currency.MatchString(*payload.Currency) {
		return errors.New("currency")
	}
	if payload.EmailHash != nil && !emailHash.MatchString(*payload.EmailHash) {
		return errors.New("email_hash")
	}
	switch eventType {
	case "ScholarshipMatchResult", "SageAssist":
		if payload.LatencyMs == nil || payload.Success == nil {
			return errors.New("latency_ms and success are required")
		}
	case "PaymentSuccess":
		if payload.AmountCents == nil || payload.Currency == nil {
			return errors.New("amount_cents and currency are required")
		}
	}
	return nil
}

func isText(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= 1000 && !strings.Contains(text, "\x00")
}

func isOptionalText(text *string) bool { return text == nil || isText(*text) }

func isNegative(count *int64) bool { return count != nil && *count < 0 }

func isSimulated(event *Event) bool {
	simulated := event.Payload.Simulated
	return (simulated != nil && *simulated) || strings.HasPrefix(event.Source, "canary/")
}

// contentHash is the same for the same content, because Go writes the keys of a struct in one order.
func contentHash(label string, event *Event) ([]byte, error) {
	text, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte(label), text...))
	return sum[:], nil
}
