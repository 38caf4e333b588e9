module inference-infra/sandbox/tools/definitions

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.21.2
	knative.dev/operator v0.42.2
	sigs.k8s.io/gateway-api v1.4.0
)
