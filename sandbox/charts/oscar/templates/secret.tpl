apiVersion: v1
kind: Secret
metadata:
  name: minio
  namespace: {{ .Values.servicesNamespace | quote }}
stringData:
  oidc_uid: minio
  accessKey: {{ .Values.minIO.accessKey | quote }}
  secretKey: {{ .Values.minIO.secretKey | quote }}
